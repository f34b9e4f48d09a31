using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Net.Firewall;

/// <summary>
/// Reads what tcpdump prints of a packet (its print-ip.c, print-ip6.c, print-tcp.c, print-udp.c, print-icmp.c and print-icmp6.c, version 4.99). Words that stand for an
/// application's message, such as a DNS query, mean UDP: of TCP it always shows the flags.
/// </summary>
internal sealed class FlowLineParser
{
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte IcmpV6 = 58;
    private const byte Sctp = 132;
    private const int MostShown = 40;

    // The letters of tcpdump's tcp_flag_values, with the bits of RFC 9293 section 3.1.
    private static readonly Dictionary<char, byte> s_flags = new()
    {
        ['F'] = 1,
        ['S'] = 2,
        ['R'] = 4,
        ['P'] = 8,
        ['.'] = 16,
        ['U'] = 32,
        ['E'] = 64,
        ['W'] = 128,
        ['e'] = 0,
    };

    private static readonly (string Start, byte Protocol)[] s_protocols =
    [
        ("UDP,", Udp), ("udp", Udp), ("tcp", Tcp), ("sctp", Sctp), ("igmp", 2), ("GREv", 47), ("gre-proto-", 47), ("ESP(", 50), ("AH(", 51), ("OSPFv", 89), ("VRRPv", 112), ("IP6", 41), ("IP", 4),
    ];

    private static readonly (string Words, byte Type, byte Code)[] s_icmp =
    [
        ("echo request", 8, 0), ("echo reply", 0, 0), ("time exceeded in-transit", 11, 0), ("ip reassembly time exceeded", 11, 1), ("source quench", 4, 0),
        ("unreachable - need to frag", 3, 4), ("unreachable - admin prohibited filter", 3, 13), ("unreachable - admin prohibited", 3, 10), ("time stamp query", 13, 0), ("time stamp reply", 14, 0),
        ("redirect", 5, 1), ("router advertisement", 9, 0), ("router solicitation", 10, 0),
    ];

    // How the line of an ICMP error of IPv4 begins and ends; between them is what could not be reached.
    private static readonly (string Start, string End, byte Code)[] s_unreachable =
    [
        ("net ", " unreachable", 0), ("host ", " unreachable", 1), ("", " port ", 3), ("", " protocol ", 2),
    ];

    private static readonly (string Words, byte Type, byte Code)[] s_icmpV6 =
    [
        ("echo request", 128, 0), ("echo reply", 129, 0), ("destination unreachable, unreachable route", 1, 0), ("destination unreachable, unreachable prohibited", 1, 1),
        ("destination unreachable, unreachable address", 1, 3), ("destination unreachable, unreachable port", 1, 4), ("packet too big", 2, 0), ("time exceeded in-transit", 3, 0),
        ("ip reassembly time exceeded", 3, 1), ("multicast listener query", 130, 0), ("multicast listener report v2", 143, 0), ("multicast listener report", 131, 0),
        ("multicast listener done", 132, 0), ("router solicitation", 133, 0), ("router advertisement", 134, 0), ("neighbor solicitation", 135, 0), ("neighbor advertisement", 136, 0), ("redirect", 137, 0),
    ];

    private readonly string _text;
    private readonly string[] _words;

    /// <summary>Takes a text apart.</summary>
    /// <param name="text">A line, or several that belong together.</param>
    public FlowLineParser(string text)
    {
        _text = text;
        _words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The interfaces a line of <c>tcpdump -i any</c> names: the one a packet came in by, or the one it left by.</summary>
    /// <param name="text">The line.</param>
    public static (string? Input, string? Output) InterfacesOf(string text)
    {
        string[] words = text.Split((char[]?)null, 8, StringSplitOptions.RemoveEmptyEntries);
        for (int index = 1; index + 1 < words.Length; index++)
        {
            // The name follows the time and stands before the direction, and only the protocol's word follows that.
            bool isPlace = words[index] is "In" or "Out" or "B" or "M" or "P" && (words[index + 1] is "IP" or "IP6" or "ifindex" || words[index + 1].Contains(':', StringComparison.Ordinal));
            if (isPlace)
            {
                string? name = words[index - 1] == "?" ? null : words[index - 1];
                return words[index] == "Out" ? (null, name) : (name, null);
            }
        }

        return (null, null);
    }

    /// <summary>Reads it.</summary>
    /// <param name="packet">The packet.</param>
    /// <returns>What is wrong, as a sentence; null when it was read.</returns>
    public string? Read(out FlowPacket packet)
    {
        packet = default;
        if (Array.Exists(_words, static word => word.StartsWith("ARP,", StringComparison.Ordinal)))
        {
            return "This is ARP, which no rule sees; rules see IP packets.";
        }

        string? problem = ReadEnds(out Ends ends);
        if (problem is not null)
        {
            return problem;
        }

        string rest = string.Join(' ', _words[(ends.Arrow + 2)..]);
        bool isIPv6 = ends.Source.AddressFamily == AddressFamily.InterNetworkV6;
        problem = ReadProtocol(rest, ends, isIPv6, out FlowPacket read);
        if (problem is not null)
        {
            return problem;
        }

        (string? input, string? output) = InterfacesOf(_text);
        packet = read.Between(ends.Source, ends.Destination) with
        {
            SourceMac = ends.SourceMac,
            InputInterface = input,
            OutputInterface = output,
            Dscp = ReadDscp(),
            Length = ReadLength(read, rest, isIPv6),
        };
        return null;
    }

    // The arrow of the addresses is the last one before the text of the packet begins; with -e there is one of the frame before it.
    private string? ReadEnds(out Ends ends)
    {
        ends = default;
        MacAddress? mac = null;
        for (int index = 1; index + 1 < _words.Length; index++)
        {
            if (_words[index] == "ethertype" && MacAddress.TryParse(_words[index - 1], out MacAddress cooked))
            {
                // With -i any only the sender is shown.
                mac = cooked;
            }

            if (_words[index] != ">")
            {
                continue;
            }

            if (MacAddress.TryParse(_words[index - 1], out MacAddress sender))
            {
                mac = sender;
                continue;
            }

            string? problem = ReadEnd(_words[index - 1], out IPAddress? source, out ushort? sourcePort) ?? ReadEnd(_words[index + 1].EndsWith(':') ? _words[index + 1][..^1] : _words[index + 1], out _, out _);
            if (problem is not null)
            {
                return problem;
            }

            ReadEnd(_words[index + 1].EndsWith(':') ? _words[index + 1][..^1] : _words[index + 1], out IPAddress? destination, out ushort? destinationPort);
            ends = new Ends(source!, sourcePort, destination!, destinationPort, mac, index);
            return source!.AddressFamily == destination!.AddressFamily ? null : "The two addresses are of different versions of IP.";
        }

        return "This is no packet as tcpdump -nn prints it (ADDRESS.PORT > ADDRESS.PORT: ...), nor bytes as hexadecimal digits.";
    }

    private static string? ReadEnd(string word, out IPAddress? address, out ushort? port)
    {
        port = null;
        if (IsAddress(word, out address))
        {
            return null;
        }

        int dot = word.LastIndexOf('.');
        if (dot > 0 && IsAddress(word[..dot], out address))
        {
            bool isNumber = ushort.TryParse(word.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort number);
            port = number;
            return isNumber ? null : $"'{Shown(word[(dot + 1)..])}' is the name of a port; let tcpdump print numbers with -nn.";
        }

        return $"'{Shown(word)}' is not an address; let tcpdump print numbers with -nn.";
    }

    // Four numbers, since IPAddress takes 10.1 for one; a zone would not be printed.
    private static bool IsAddress(string word, out IPAddress? address) =>
        IPAddress.TryParse(word, out address) && !word.Contains('%', StringComparison.Ordinal) && !word.Contains('[', StringComparison.Ordinal)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || word.Count(c => c == '.') == 3);

    private static string? ReadProtocol(string rest, Ends ends, bool isIPv6, out FlowPacket packet)
    {
        packet = new FlowPacket { SourcePort = ends.SourcePort ?? 0, DestinationPort = ends.DestinationPort ?? 0 };
        string body = WithoutNotes(rest);
        bool hasPorts = ends.SourcePort is not null && ends.DestinationPort is not null;
        if (body.StartsWith("Flags [", StringComparison.Ordinal) && hasPorts)
        {
            string? problem = ReadFlags(body, out byte flags);
            packet = packet with { Protocol = Tcp, TcpFlags = flags };
            return problem;
        }

        if (body.StartsWith("ICMP", StringComparison.Ordinal) && !hasPorts)
        {
            return ReadIcmp(body, isIPv6, ref packet);
        }

        byte? protocol = NumberedProtocol(body);
        foreach ((string start, byte number) in s_protocols)
        {
            protocol ??= body.StartsWith(start, StringComparison.Ordinal) ? number : null;
        }

        protocol ??= hasPorts ? Udp : null;
        if (protocol is not { } known)
        {
            return $"The protocol cannot be told from '{Shown(body)}'; give the packet's bytes (tcpdump -x).";
        }

        packet = packet with { Protocol = known };
        return hasPorts == RuleProtocol.FromNumber(known).HasPorts ? null
            : hasPorts ? $"A packet of protocol {known} has no ports."
            : "It has no ports: a later fragment, which rules never see, for the kernel puts fragments together before. Give the first one.";
    }

    // With -v remarks in brackets and extension headers come first.
    private static string WithoutNotes(string rest)
    {
        string body = rest;
        while (true)
        {
            if (body.StartsWith("HBH ", StringComparison.Ordinal) || body.StartsWith("DSTOPT ", StringComparison.Ordinal))
            {
                body = body[(body.IndexOf(' ', StringComparison.Ordinal) + 1)..];
                continue;
            }

            char end = body.StartsWith('[') ? ']' : body.StartsWith('(') ? ')' : '\0';
            int place = end == '\0' ? -1 : body.IndexOf(end, StringComparison.Ordinal);
            if (place < 0)
            {
                return body;
            }

            body = body[(place + 1)..].TrimStart();
        }
    }

    private static byte? NumberedProtocol(string body)
    {
        const string word = "ip-proto-";
        if (!body.StartsWith(word, StringComparison.Ordinal))
        {
            return null;
        }

        int end = word.Length;
        while (end < body.Length && char.IsAsciiDigit(body[end]))
        {
            end++;
        }

        return byte.TryParse(body.AsSpan(word.Length, end - word.Length), NumberStyles.None, CultureInfo.InvariantCulture, out byte number) ? number : null;
    }

    private static string? ReadFlags(string body, out byte flags)
    {
        flags = 0;
        int end = body.IndexOf(']', StringComparison.Ordinal);
        string letters = end < 0 ? string.Empty : body["Flags [".Length..end];
        if (letters == "none")
        {
            return null;
        }

        foreach (char letter in letters)
        {
            if (!s_flags.TryGetValue(letter, out byte bit))
            {
                letters = string.Empty;
                break;
            }

            flags |= bit;
        }

        return letters.Length > 0 ? null : $"'{Shown(body)}' has no TCP flags as tcpdump prints them, such as [S.].";
    }

    private static string? ReadIcmp(string body, bool isIPv6, ref FlowPacket packet)
    {
        string words = body.StartsWith("ICMP6, ", StringComparison.Ordinal) ? body["ICMP6, ".Length..] : body.StartsWith("ICMP ", StringComparison.Ordinal) ? body["ICMP ".Length..] : string.Empty;
        foreach ((string start, byte type, byte code) in isIPv6 ? s_icmpV6 : s_icmp)
        {
            if (words.StartsWith(start, StringComparison.Ordinal) || (start.StartsWith("unreachable", StringComparison.Ordinal) && words.Contains(start, StringComparison.Ordinal)))
            {
                packet = packet with { Protocol = isIPv6 ? IcmpV6 : Icmp, IcmpType = type, IcmpCode = code };
                return null;
            }
        }

        foreach ((string start, string end, byte code) in isIPv6 ? [] : s_unreachable)
        {
            if (words.StartsWith(start, StringComparison.Ordinal) && words.Contains(end, StringComparison.Ordinal) && words.Contains(" unreachable", StringComparison.Ordinal))
            {
                packet = packet with { Protocol = Icmp, IcmpType = 3, IcmpCode = code };
                return null;
            }
        }

        return $"The type of ICMP message cannot be told from '{Shown(body)}'; give the packet's bytes (tcpdump -x).";
    }

    // With -v: "(tos 0xb8," of IPv4, "(class 0xb8," of IPv6; the low two bits are those of congestion (RFC 3168).
    private byte ReadDscp()
    {
        int place = Array.FindIndex(_words, static word => word is "(tos" or "(class");
        return place >= 0 && place + 1 < _words.Length && _words[place + 1].StartsWith("0x", StringComparison.Ordinal)
            && byte.TryParse(_words[place + 1].AsSpan(2).TrimEnd(','), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet)
            ? (byte)(octet >> 2)
            : (byte)0;
    }

    // With -v the packet's length is there; else that of the payload, to which headers without options are added.
    private int ReadLength(in FlowPacket packet, string rest, bool isIPv6)
    {
        int header = isIPv6 ? 40 : 20;
        int note = Array.FindIndex(_words, static word => word is "(tos" or "(hlim" or "(flowlabel" or "(class");
        for (int index = Math.Max(note, 0); note >= 0 && index + 1 < _words.Length; index++)
        {
            if (_words[index] is "length" or "length:" && _words[index + 1].EndsWith(')') && TryNumber(_words[index + 1], out int whole))
            {
                return isIPv6 ? header + whole : whole;
            }

            if (_words[index] == ">")
            {
                break;
            }
        }

        header += packet.Protocol switch
        {
            Tcp => 20,
            Udp => 8,
            _ => 0,
        };
        int place = rest.LastIndexOf("length ", StringComparison.Ordinal);
        string amount = place >= 0 ? rest[(place + "length ".Length)..] : rest.EndsWith(')') ? rest[(rest.LastIndexOf('(') + 1)..] : string.Empty;
        return TryNumber(amount, out int payload) ? header + payload : packet.Protocol is Icmp or IcmpV6 ? header + 8 : packet.Protocol == Sctp ? header + 12 : header;
    }

    private static bool TryNumber(string text, out int number)
    {
        int end = 0;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return int.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= ushort.MaxValue;
    }

    private static string Shown(string text)
    {
        string cut = text.Length > MostShown ? string.Concat(text.AsSpan(0, MostShown), "...") : text;
        return string.Concat(cut.Select(static c => char.IsControl(c) ? '?' : c));
    }

    private readonly record struct Ends(IPAddress Source, ushort? SourcePort, IPAddress Destination, ushort? DestinationPort, MacAddress? SourceMac, int Arrow);
}
