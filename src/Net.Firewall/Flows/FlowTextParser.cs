using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Net.Firewall;

/// <summary>
/// Reads captured packets as people have them: what <c>tcpdump -nn</c> prints of one, with or without <c>-e</c>, <c>-v</c>, <c>-x</c>, <c>-X</c> or <c>-i any</c>, or its bytes as
/// hexadecimal digits, with or without an Ethernet header. Where bytes are there, they count; a line leaves out what it does not say.
/// </summary>
public static class FlowTextParser
{
    /// <summary>Longest text that is read, in characters: a packet of 64 KiB as <c>tcpdump -XX</c> prints it.</summary>
    public const int MostCharacters = 512 * 1024;

    private const string DumpStart = "0x0000:";
    private const int FewestDigits = 40;
    private const int GroupsOfLine = 8;
    private const int DigitsOfGroup = 4;

    /// <summary>Reads a packet.</summary>
    /// <param name="text">What a capture shows of it.</param>
    /// <param name="packet">The packet: of state New, and of direction Inbound as long as nobody knows better; with the interface the line names.</param>
    /// <param name="problem">What is wrong with the text, as a sentence.</param>
    /// <returns>Whether it was read.</returns>
    public static bool TryParse(string text, out FlowPacket packet, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        packet = default;
        if (text.Length > MostCharacters)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"The text of a packet has {MostCharacters} characters at most.");
            return false;
        }

        problem = null;
        if (IsHexadecimal(text, out byte[] bytes))
        {
            problem = TryReadBytes(bytes, out packet) ? null : "These bytes are no whole IP packet that rules would see, with or without an Ethernet header.";
            return problem is null;
        }

        // What is indented below a line may be the dump of an option of the packet; the last dump that is a packet is the packet.
        for (int start = text.LastIndexOf(DumpStart, StringComparison.Ordinal); start >= 0; start = start == 0 ? -1 : text.LastIndexOf(DumpStart, start - 1, StringComparison.Ordinal))
        {
            if (TryReadBytes(ReadDump(text.AsSpan(start)), out packet))
            {
                (string? input, string? output) = FlowLineParser.InterfacesOf(text);
                packet = packet with { InputInterface = input, OutputInterface = output };
                return true;
            }
        }

        problem = new FlowLineParser(text).Read(out packet);
        return problem is null;
    }

    private static bool TryReadBytes(ReadOnlySpan<byte> bytes, out FlowPacket packet) =>
        FlowPacketParser.TryParse(bytes, FlowPacketParser.LinkTypeEthernet, out packet) || FlowPacketParser.TryParse(bytes, FlowPacketParser.LinkTypeRaw, out packet);

    private static bool IsHexadecimal(string text, out byte[] bytes)
    {
        bytes = [];
        ReadOnlySpan<char> body = text.AsSpan().Trim();
        body = body.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? body[2..] : body;
        char[] digits = new char[body.Length];
        int count = 0;
        foreach (char c in body)
        {
            if (char.IsAsciiHexDigit(c))
            {
                digits[count++] = c;
            }
            else if (!char.IsWhiteSpace(c))
            {
                return false;
            }
        }

        if (count < FewestDigits || count % 2 != 0)
        {
            return false;
        }

        bytes = Convert.FromHexString(digits.AsSpan(0, count));
        return true;
    }

    // "0x0010:  c000 0201 c000 0202  ........": groups by single spaces, then two before the characters, which may look like digits.
    private static byte[] ReadDump(ReadOnlySpan<char> text)
    {
        List<byte> bytes = [];
        foreach (ReadOnlySpan<char> raw in text.EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.Trim();
            int colon = line.IndexOf(':');
            if (colon < 0 || !line.StartsWith("0x", StringComparison.Ordinal)
                || !int.TryParse(line[2..colon], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int offset) || offset != bytes.Count)
            {
                break;
            }

            ReadOnlySpan<char> rest = line[(colon + 1)..].TrimStart();
            for (int group = 0; group < GroupsOfLine && !rest.IsEmpty; group++)
            {
                int length = 0;
                while (length < rest.Length && length < DigitsOfGroup && char.IsAsciiHexDigit(rest[length]))
                {
                    length++;
                }

                if (length is 0 or 1 or 3)
                {
                    break;
                }

                bytes.AddRange(Convert.FromHexString(rest[..length]));
                rest = rest[length..];
                rest = rest.StartsWith(" ", StringComparison.Ordinal) && !rest.StartsWith("  ", StringComparison.Ordinal) ? rest[1..] : [];
            }
        }

        return [.. bytes];
    }
}
