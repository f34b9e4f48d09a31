using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>An address, a prefix or an inclusive range of addresses of one family. Its text is <c>192.0.2.1</c>, <c>2001:db8::/32</c> or
/// <c>10.0.0.5-10.0.0.9</c>. The bits of a prefix beyond its length must be zero (RFC 4632 section 3.1).</summary>
[JsonConverter(typeof(ParsableConverter<AddressRange>))]
public sealed record AddressRange : IParsable<AddressRange>, IUtf8SpanParsable<AddressRange>, IUtf8SpanFormattable
{
    private AddressRange(IPAddress first, IPAddress last, int? prefixLength)
    {
        First = first;
        Last = last;
        PrefixLength = prefixLength;
    }

    /// <summary>The lowest address.</summary>
    public IPAddress First { get; }

    /// <summary>The highest address.</summary>
    public IPAddress Last { get; }

    /// <summary>The length of the prefix when the range was written as one, else null.</summary>
    public int? PrefixLength { get; }

    /// <summary>Which version of IP the addresses are of.</summary>
    public IpFamily Family => First.AddressFamily == AddressFamily.InterNetworkV6 ? IpFamily.IPv6 : IpFamily.IPv4;

    /// <summary>Reads an address, prefix or range.</summary>
    /// <exception cref="FormatException">The text is none of them; the message says why.</exception>
    public static AddressRange Parse(string s, IFormatProvider? provider) =>
        Read(s, out string? problem) ?? throw new FormatException(problem);

    /// <summary>Reads an address, prefix or range.</summary>
    /// <exception cref="FormatException">The text is none of them; the message says why.</exception>
    public static AddressRange Parse(string s) => Parse(s, null);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out AddressRange result)
    {
        result = Read(s, out _);
        return result is not null;
    }

    /// <summary>Reads an address, prefix or range.</summary>
    /// <exception cref="FormatException">The text is none of them; the message says why.</exception>
    public static AddressRange Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        ReadIPv4(utf8Text) ?? Parse(Encoding.UTF8.GetString(utf8Text), provider);

    /// <inheritdoc />
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, [MaybeNullWhen(false)] out AddressRange result)
    {
        result = ReadIPv4(utf8Text);
        return result is not null || TryParse(Encoding.UTF8.GetString(utf8Text), provider, out result);
    }

    /// <inheritdoc />
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) => PrefixLength is { } length
        ? Utf8.TryWrite(utf8Destination, CultureInfo.InvariantCulture, $"{First}/{length}", out bytesWritten)
        : First.Equals(Last) ? First.TryFormat(utf8Destination, out bytesWritten)
        : Utf8.TryWrite(utf8Destination, CultureInfo.InvariantCulture, $"{First}-{Last}", out bytesWritten);

    /// <inheritdoc />
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc />
    public override string ToString() => PrefixLength is { } length
        ? $"{First}/{length}"
        : First.Equals(Last) ? First.ToString() : $"{First}-{Last}";

    // Plain IPv4 addresses and prefixes, of which lists hold 100,000; null for everything else, be it right or wrong. Leading zeros are for the full reader to judge.
    private static AddressRange? ReadIPv4(ReadOnlySpan<byte> text)
    {
        uint address = 0;
        for (int octet = 0; octet < 4; octet++)
        {
            if ((octet > 0 && !Skip(ref text, (byte)'.')) || !TakeNumber(ref text, byte.MaxValue, out uint number))
            {
                return null;
            }

            address = (address << 8) | number;
        }

        if (text.IsEmpty)
        {
            IPAddress single = ToAddress(address);
            return new AddressRange(single, single, null);
        }

        if (!Skip(ref text, (byte)'/') || !TakeNumber(ref text, 32, out uint length) || !text.IsEmpty)
        {
            return null;
        }

        uint host = length == 0 ? uint.MaxValue : (1u << (32 - (int)length)) - 1;
        return (address & host) == 0 ? new AddressRange(ToAddress(address), ToAddress(address | host), (int)length) : null;
    }

    private static bool Skip(ref ReadOnlySpan<byte> text, byte sign)
    {
        if (text.IsEmpty || text[0] != sign)
        {
            return false;
        }

        text = text[1..];
        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<byte> text, uint max, out uint number)
    {
        number = 0;
        int digits = 0;
        while (digits < text.Length && digits < 3 && text[digits] is >= (byte)'0' and <= (byte)'9')
        {
            number = (number * 10) + text[digits++] - '0';
        }

        bool isPlain = digits > 0 && number <= max && (digits == 1 || text[0] != (byte)'0');
        text = text[digits..];
        return isPlain;
    }

    // An IPAddress takes its number as the bytes lie in memory.
    private static IPAddress ToAddress(uint address) => new(BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(address) : address);

    private static AddressRange? Read(string? text, out string? problem)
    {
        problem = $"'{text}' is not an address, a prefix such as 10.0.0.0/8, or a range such as 10.0.0.5-10.0.0.9.";
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        string trimmed = text.Trim();
        if (trimmed.Contains('/', StringComparison.Ordinal))
        {
            return ReadPrefix(trimmed, ref problem);
        }

        int dash = trimmed.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            return TryAddress(trimmed, out IPAddress? single) ? new AddressRange(single, single, null) : null;
        }

        if (!TryAddress(trimmed[..dash], out IPAddress? first) || !TryAddress(trimmed[(dash + 1)..], out IPAddress? last))
        {
            return null;
        }

        if (first.AddressFamily != last.AddressFamily || first.GetAddressBytes().AsSpan().SequenceCompareTo(last.GetAddressBytes()) > 0)
        {
            problem = $"'{text}' is not a range: both ends must be of one family, lowest first.";
            return null;
        }

        return new AddressRange(first, last, null);
    }

    private static AddressRange? ReadPrefix(string text, ref string? problem)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryAddress(text[..slash], out IPAddress? address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length > address.GetAddressBytes().Length * 8)
        {
            return null;
        }

        byte[] bytes = address.GetAddressBytes();
        ClearHostBits(bytes, length);
        var network = new IPNetwork(new IPAddress(bytes), length);
        if (network.BaseAddress.Equals(address))
        {
            return new AddressRange(network.BaseAddress, LastOf(network), length);
        }

        problem = $"'{text}' has bits set beyond the prefix length; did you mean {network}?";
        return null;
    }

    private static IPAddress LastOf(IPNetwork network)
    {
        byte[] bytes = network.BaseAddress.GetAddressBytes();
        for (int bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }

    private static void ClearHostBits(byte[] bytes, int length)
    {
        for (int bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }
    }

    // IPAddress.TryParse takes "1" for 0.0.0.1 and accepts scope ids; a rule wants neither.
    private static bool TryAddress(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text.Trim(), out address)
        && !text.Contains('%', StringComparison.Ordinal)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.AsSpan().Count('.') == 3);
}
