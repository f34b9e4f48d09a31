using System.Collections.Immutable;
using System.Globalization;

namespace Net.Firewall;

/// <summary>Values as iptables and nft write them, and what is left of all values without some.</summary>
internal static class ImportValues
{
    private static readonly Dictionary<string, byte> s_protocols = new(StringComparer.OrdinalIgnoreCase)
    {
        ["icmp"] = 1,
        ["igmp"] = 2,
        ["ipv4"] = 4,
        ["ipip"] = 4,
        ["ipencap"] = 4,
        ["tcp"] = 6,
        ["udp"] = 17,
        ["dccp"] = 33,
        ["ipv6"] = 41,
        ["gre"] = 47,
        ["esp"] = 50,
        ["ah"] = 51,
        ["icmpv6"] = 58,
        ["ipv6-icmp"] = 58,
        ["ospf"] = 89,
        ["pim"] = 103,
        ["comp"] = 108,
        ["vrrp"] = 112,
        ["sctp"] = 132,
        ["udplite"] = 136,
    };

    // Types of RFC 792 by iptables' and nft's names; a code of -1 stands for all.
    private static readonly Dictionary<string, (byte Type, int Code)> s_icmp = new(StringComparer.OrdinalIgnoreCase)
    {
        ["echo-reply"] = (0, -1),
        ["pong"] = (0, -1),
        ["destination-unreachable"] = (3, -1),
        ["network-unreachable"] = (3, 0),
        ["host-unreachable"] = (3, 1),
        ["protocol-unreachable"] = (3, 2),
        ["port-unreachable"] = (3, 3),
        ["fragmentation-needed"] = (3, 4),
        ["communication-prohibited"] = (3, 13),
        ["source-quench"] = (4, -1),
        ["redirect"] = (5, -1),
        ["echo-request"] = (8, -1),
        ["ping"] = (8, -1),
        ["router-advertisement"] = (9, -1),
        ["router-solicitation"] = (10, -1),
        ["time-exceeded"] = (11, -1),
        ["ttl-exceeded"] = (11, -1),
        ["ttl-zero-during-transit"] = (11, 0),
        ["ttl-zero-during-reassembly"] = (11, 1),
        ["parameter-problem"] = (12, -1),
        ["timestamp-request"] = (13, -1),
        ["timestamp-reply"] = (14, -1),
        ["info-request"] = (15, -1),
        ["info-reply"] = (16, -1),
        ["address-mask-request"] = (17, -1),
        ["address-mask-reply"] = (18, -1),
    };

    // Types of RFC 4443, RFC 4861 and RFC 2710.
    private static readonly Dictionary<string, (byte Type, int Code)> s_icmpV6 = new(StringComparer.OrdinalIgnoreCase)
    {
        ["destination-unreachable"] = (1, -1),
        ["no-route"] = (1, 0),
        ["communication-prohibited"] = (1, 1),
        ["address-unreachable"] = (1, 3),
        ["port-unreachable"] = (1, 4),
        ["packet-too-big"] = (2, -1),
        ["time-exceeded"] = (3, -1),
        ["ttl-exceeded"] = (3, -1),
        ["ttl-zero-during-transit"] = (3, 0),
        ["ttl-zero-during-reassembly"] = (3, 1),
        ["parameter-problem"] = (4, -1),
        ["bad-header"] = (4, 0),
        ["unknown-header-type"] = (4, 1),
        ["unknown-option"] = (4, 2),
        ["echo-request"] = (128, -1),
        ["echo-reply"] = (129, -1),
        ["mld-listener-query"] = (130, -1),
        ["mld-listener-report"] = (131, -1),
        ["mld-listener-done"] = (132, -1),
        ["mld-listener-reduction"] = (132, -1),
        ["router-solicitation"] = (133, -1),
        ["nd-router-solicit"] = (133, -1),
        ["router-advertisement"] = (134, -1),
        ["nd-router-advert"] = (134, -1),
        ["neighbour-solicitation"] = (135, -1),
        ["neighbor-solicitation"] = (135, -1),
        ["nd-neighbor-solicit"] = (135, -1),
        ["neighbour-advertisement"] = (136, -1),
        ["neighbor-advertisement"] = (136, -1),
        ["nd-neighbor-advert"] = (136, -1),
        ["redirect"] = (137, -1),
        ["nd-redirect"] = (137, -1),
        ["router-renumbering"] = (138, -1),
        ["ind-neighbor-solicit"] = (141, -1),
        ["ind-neighbor-advert"] = (142, -1),
        ["mld2-listener-report"] = (143, -1),
    };

    private static readonly Dictionary<string, byte> s_dscp = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cs0"] = 0,
        ["be"] = 0,
        ["cs1"] = 8,
        ["af11"] = 10,
        ["af12"] = 12,
        ["af13"] = 14,
        ["cs2"] = 16,
        ["af21"] = 18,
        ["af22"] = 20,
        ["af23"] = 22,
        ["cs3"] = 24,
        ["af31"] = 26,
        ["af32"] = 28,
        ["af33"] = 30,
        ["cs4"] = 32,
        ["af41"] = 34,
        ["af42"] = 36,
        ["af43"] = 38,
        ["cs5"] = 40,
        ["va"] = 44,
        ["ef"] = 46,
        ["cs6"] = 48,
        ["cs7"] = 56,
        ["lephb"] = 1,
        ["le"] = 1,
    };

    // Names of /etc/services that nft and iptables-save print without -n are few in practice; what is not here is a problem, not a guess.
    private static readonly Dictionary<string, ushort> s_services = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ftp-data"] = 20,
        ["ftp"] = 21,
        ["ssh"] = 22,
        ["telnet"] = 23,
        ["smtp"] = 25,
        ["domain"] = 53,
        ["bootps"] = 67,
        ["bootpc"] = 68,
        ["tftp"] = 69,
        ["http"] = 80,
        ["kerberos"] = 88,
        ["pop3"] = 110,
        ["sunrpc"] = 111,
        ["ntp"] = 123,
        ["imap2"] = 143,
        ["imap"] = 143,
        ["snmp"] = 161,
        ["snmp-trap"] = 162,
        ["bgp"] = 179,
        ["ldap"] = 389,
        ["https"] = 443,
        ["submission"] = 587,
        ["ldaps"] = 636,
        ["imaps"] = 993,
        ["pop3s"] = 995,
        ["syslog"] = 514,
        ["microsoft-ds"] = 445,
        ["netbios-ns"] = 137,
        ["netbios-dgm"] = 138,
        ["netbios-ssn"] = 139,
        ["isakmp"] = 500,
        ["ipsec-nat-t"] = 4500,
        ["openvpn"] = 1194,
        ["mysql"] = 3306,
        ["ms-wbt-server"] = 3389,
        ["postgresql"] = 5432,
        ["mdns"] = 5353,
        ["sip"] = 5060,
        ["sip-tls"] = 5061,
        ["rsync"] = 873,
        ["nfs"] = 2049,
        ["http-alt"] = 8080,
        ["dhcpv6-client"] = 546,
        ["dhcpv6-server"] = 547,
    };

    private static readonly string[] s_flags = ["fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"];

    /// <summary>Reads a protocol by name or number.</summary>
    /// <param name="text">The text.</param>
    /// <param name="number">The number.</param>
    public static bool TryProtocol(string text, out byte number) => s_protocols.TryGetValue(text, out number) || TryByte(text, out number);

    /// <summary>Reads a code point by class name or number.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The code point.</param>
    public static bool TryDscp(string text, out byte value) => (s_dscp.TryGetValue(text, out value) || TryByte(text, out value)) && value < 64;

    /// <summary>Reads an ICMP type: a name, a number, or number/code.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isIPv6">ICMPv6 rather than ICMP.</param>
    /// <param name="match">The type.</param>
    public static bool TryIcmp(string text, bool isIPv6, out IcmpTypeMatch match)
    {
        RuleAddressFamily family = isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4;
        if ((isIPv6 ? s_icmpV6 : s_icmp).TryGetValue(text, out (byte Type, int Code) known))
        {
            match = new IcmpTypeMatch(family, known.Type, known.Code < 0 ? null : (byte)known.Code);
            return true;
        }

        string[] parts = text.Split('/');
        byte code = 0;
        bool isRead = TryByte(parts[0], out byte type) && (parts.Length == 1 || (parts.Length == 2 && TryByte(parts[1], out code)));
        match = new IcmpTypeMatch(family, type, parts.Length == 2 ? code : null);
        return isRead;
    }

    /// <summary>Reads a port by number or well-known name.</summary>
    /// <param name="text">The text.</param>
    /// <param name="port">The port.</param>
    public static bool TryPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) || s_services.TryGetValue(text, out port);

    /// <summary>Reads ports as one port or two with a separator; a side left out is the lowest or highest.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">The separator.</param>
    /// <param name="range">The ports.</param>
    public static bool TryPorts(string text, char separator, out PortRange range)
    {
        // Names of services may have hyphens themselves.
        ushort first;
        if (TryPort(text, out first))
        {
            range = new PortRange(first);
            return true;
        }

        range = default;
        int at = text.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0 || text.Length == 1)
        {
            return false;
        }

        first = 0;
        ushort last = ushort.MaxValue;
        bool isRead = (at == 0 || TryPort(text[..at], out first)) && (at == text.Length - 1 || TryPort(text[(at + 1)..], out last));
        range = new PortRange(first, last);
        return isRead && !range.IsReversed;
    }

    /// <summary>Reads addresses: one, a prefix, a prefix with a mask in dots, or first-last.</summary>
    /// <param name="text">The text.</param>
    /// <param name="range">The addresses.</param>
    public static bool TryAddresses(string text, out AddressRange range)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && text.AsSpan(slash).Contains('.') && AddressRange.TryParse(text[(slash + 1)..], out AddressRange mask))
        {
            uint bits = (uint)mask.First;
            int length = System.Numerics.BitOperations.LeadingZeroCount(~bits);
            bool isPrefix = bits == (length == 0 ? 0 : uint.MaxValue << (32 - length));
            range = default;
            return isPrefix && AddressRange.TryParse(string.Create(CultureInfo.InvariantCulture, $"{text[..slash]}/{length}"), out range);
        }

        return AddressRange.TryParse(text, out range) && !range.IsReversed;
    }

    /// <summary>Reads a number, decimal or with 0x hexadecimal.</summary>
    /// <param name="text">The text.</param>
    /// <param name="number">The number.</param>
    public static bool TryNumber(string text, out uint number) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Reads a number below 256, decimal or with 0x hexadecimal.</summary>
    /// <param name="text">The text.</param>
    /// <param name="number">The number.</param>
    public static bool TryByte(string text, out byte number)
    {
        bool isRead = TryNumber(text, out uint value) && value <= byte.MaxValue;
        number = isRead ? (byte)value : (byte)0;
        return isRead;
    }

    /// <summary>Reads numbers as one number or two with a separator.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">The separator.</param>
    /// <param name="range">The numbers.</param>
    public static bool TryNumbers(string text, char separator, out NumberRange range)
    {
        int at = text.IndexOf(separator, StringComparison.Ordinal);
        uint last = 0;
        bool isRead = TryNumber(at < 0 ? text : text[..at], out uint first) && (at < 0 || TryNumber(text[(at + 1)..], out last));
        range = new NumberRange(first, at < 0 ? first : last);
        return isRead && !range.IsReversed;
    }

    /// <summary>Reads a connection state.</summary>
    /// <param name="text">The text.</param>
    /// <param name="state">The state.</param>
    public static bool TryState(string text, out ConnectionStates state)
    {
        state = text.ToLowerInvariant() switch
        {
            "new" => ConnectionStates.New,
            "established" => ConnectionStates.Established,
            "related" => ConnectionStates.Related,
            "invalid" => ConnectionStates.Invalid,
            "untracked" => ConnectionStates.Untracked,
            _ => ConnectionStates.None,
        };
        return state != ConnectionStates.None;
    }

    /// <summary>Reads TCP flags with commas or bars between them; also a number, all and none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="flags">The flags.</param>
    public static bool TryFlags(string text, out byte flags)
    {
        flags = 0;
        if (TryByte(text, out byte number))
        {
            flags = number;
            return true;
        }

        foreach (string name in text.Split(',', '|'))
        {
            string trimmed = name.Trim().ToLowerInvariant();
            int bit = Array.IndexOf(s_flags, trimmed == "ece" ? "ecn" : trimmed);
            if (bit < 0 && trimmed is not ("all" or "none"))
            {
                return false;
            }

            // iptables' ALL is the six flags of RFC 793.
            flags |= trimmed == "all" ? (byte)0x3f : trimmed == "none" ? (byte)0 : (byte)(1 << bit);
        }

        return true;
    }

    /// <summary>The rate of a number and a unit: s, sec, second, and so on.</summary>
    /// <param name="count">The number.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="rate">The rate.</param>
    public static bool TryRate(string count, string unit, out RateLimit? rate)
    {
        RatePeriod? period = unit switch
        {
            "s" or "sec" or "second" => RatePeriod.Second,
            "m" or "min" or "minute" => RatePeriod.Minute,
            "h" or "hour" => RatePeriod.Hour,
            "d" or "day" => RatePeriod.Day,
            _ => null,
        };
        rate = period is RatePeriod known && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number is > 0 and <= uint.MaxValue
            ? new RateLimit(number, known)
            : null;
        return rate is not null;
    }

    /// <summary>All addresses of an IP version without some.</summary>
    /// <param name="ranges">Those left out, all of that version.</param>
    /// <param name="family">The version.</param>
    public static ImmutableArray<AddressRange> Without(ImmutableArray<AddressRange> ranges, RuleAddressFamily family)
    {
        UInt128 max = family == RuleAddressFamily.IPv6 ? UInt128.MaxValue : uint.MaxValue;
        ImmutableArray<AddressRange>.Builder rest = ImmutableArray.CreateBuilder<AddressRange>();
        UInt128 next = 0;
        foreach (AddressRange range in Intervals.Merge(ranges, family))
        {
            if (range.First > next)
            {
                rest.Add(AddressRange.FromNumbers(family, next, range.First - 1));
            }

            if (range.Last == max)
            {
                return rest.DrainToImmutable();
            }

            next = range.Last + 1;
        }

        rest.Add(AddressRange.FromNumbers(family, next, max));
        return rest.DrainToImmutable();
    }

    /// <summary>All ports without some.</summary>
    /// <param name="ranges">Those left out.</param>
    public static ImmutableArray<PortRange> Without(ImmutableArray<PortRange> ranges)
    {
        ImmutableArray<PortRange>.Builder rest = ImmutableArray.CreateBuilder<PortRange>();
        int next = 0;
        foreach (PortRange range in Intervals.Merge(ranges))
        {
            if (range.First > next)
            {
                rest.Add(new PortRange((ushort)next, (ushort)(range.First - 1)));
            }

            next = range.Last + 1;
        }

        if (next <= ushort.MaxValue)
        {
            rest.Add(new PortRange((ushort)next, ushort.MaxValue));
        }

        return rest.DrainToImmutable();
    }

    /// <summary>All numbers without some.</summary>
    /// <param name="ranges">Those left out.</param>
    /// <param name="max">The highest number.</param>
    public static ImmutableArray<NumberRange> Without(ImmutableArray<NumberRange> ranges, uint max)
    {
        ImmutableArray<NumberRange>.Builder rest = ImmutableArray.CreateBuilder<NumberRange>();
        ulong next = 0;
        foreach (NumberRange range in ranges.OrderBy(static range => range.First))
        {
            if (range.First > next)
            {
                rest.Add(new NumberRange((uint)next, range.First - 1));
            }

            next = Math.Max(next, (ulong)range.Last + 1);
        }

        if (next <= max)
        {
            rest.Add(new NumberRange((uint)next, max));
        }

        return rest.DrainToImmutable();
    }

    /// <summary>All code points without some.</summary>
    /// <param name="values">Those left out.</param>
    public static ImmutableArray<byte> WithoutDscp(ImmutableArray<byte> values) => [.. Enumerable.Range(0, 64).Select(static value => (byte)value).Where(value => !values.Contains(value))];

    /// <summary>Packets whose flags of a mask are not those of a value, as alternatives that exclude each other.</summary>
    /// <param name="flags">Those left out.</param>
    public static ImmutableArray<TcpFlagMatch> Without(TcpFlagMatch flags)
    {
        ImmutableArray<TcpFlagMatch>.Builder rest = ImmutableArray.CreateBuilder<TcpFlagMatch>();
        int mask = 0;
        for (int bit = 1; bit < 256; bit <<= 1)
        {
            if ((flags.Mask & bit) == 0)
            {
                continue;
            }

            // Equal in the bits before, different in this one.
            rest.Add(new TcpFlagMatch((byte)(mask | bit), (byte)((flags.Value & mask) | (~flags.Value & bit))));
            mask |= bit;
        }

        return rest.DrainToImmutable();
    }
}
