using System.Globalization;
using Net.Contracts;
using Net.Firewall;

namespace Net.Engine.Firewall.Translation;

/// <summary>Reads the texts in rules that are more than a number: ICMP types, flags, code points, lengths, marks, rates. Each method answers what is wrong with a text, or null
/// when it was read.</summary>
internal static class RuleTexts
{
    private const int LongestPacket = 65_575;

    // IANA "ICMP Type Numbers" and "ICMPv6 Parameters"; names as nft has them. A name may stand for a type of either IP version or of both.
    private static readonly Dictionary<string, (IcmpTypeMatch? V4, IcmpTypeMatch? V6)> s_icmpTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["echo-reply"] = (V4(0), V6(129)),
        ["echo-request"] = (V4(8), V6(128)),
        ["destination-unreachable"] = (V4(3), V6(1)),
        ["network-unreachable"] = (V4(3, 0), V6(1, 0)),
        ["host-unreachable"] = (V4(3, 1), V6(1, 3)),
        ["port-unreachable"] = (V4(3, 3), V6(1, 4)),
        ["admin-prohibited"] = (V4(3, 13), V6(1, 1)),
        ["fragmentation-needed"] = (V4(3, 4), V6(2)),
        ["packet-too-big"] = (V4(3, 4), V6(2)),
        ["source-quench"] = (V4(4), null),
        ["redirect"] = (V4(5), V6(137)),
        ["time-exceeded"] = (V4(11), V6(3)),
        ["parameter-problem"] = (V4(12), V6(4)),
        ["router-advertisement"] = (V4(9), V6(134)),
        ["router-solicitation"] = (V4(10), V6(133)),
        ["timestamp-request"] = (V4(13), null),
        ["timestamp-reply"] = (V4(14), null),
        ["info-request"] = (V4(15), null),
        ["info-reply"] = (V4(16), null),
        ["address-mask-request"] = (V4(17), null),
        ["address-mask-reply"] = (V4(18), null),
        ["mld-listener-query"] = (null, V6(130)),
        ["mld-listener-report"] = (null, V6(131)),
        ["mld-listener-done"] = (null, V6(132)),
        ["nd-router-solicit"] = (null, V6(133)),
        ["nd-router-advert"] = (null, V6(134)),
        ["nd-neighbor-solicit"] = (null, V6(135)),
        ["nd-neighbor-advert"] = (null, V6(136)),
        ["nd-redirect"] = (null, V6(137)),
        ["router-renumbering"] = (null, V6(138)),
        ["ind-neighbor-solicit"] = (null, V6(141)),
        ["ind-neighbor-advert"] = (null, V6(142)),
        ["mld2-listener-report"] = (null, V6(143)),
        ["certification-path-solicit"] = (null, V6(148)),
        ["certification-path-advert"] = (null, V6(149)),
        ["multicast-router-advert"] = (null, V6(151)),
        ["multicast-router-solicit"] = (null, V6(152)),
        ["multicast-router-termination"] = (null, V6(153)),
    };

    // RFC 9293 section 3.1, in the order of their bits.
    private static readonly string[] s_tcpFlags = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"];

    /// <summary>Reads a type of ICMP message by name (<c>echo-request</c>) or number (<c>8</c>, <c>3/4</c>). A number counts for the rule's IP version, and for both where it has none.</summary>
    public static string? IcmpType(string text, IpFamily family, ICollection<IcmpTypeMatch> into)
    {
        (IcmpTypeMatch? V4, IcmpTypeMatch? V6) found;
        if (s_icmpTypes.TryGetValue(text.Trim(), out (IcmpTypeMatch? V4, IcmpTypeMatch? V6) named))
        {
            found = named;
        }
        else
        {
            int slash = text.IndexOf('/', StringComparison.Ordinal);
            ReadOnlySpan<char> typeText = slash < 0 ? text : text.AsSpan(0, slash);
            byte code = 0;
            if (!byte.TryParse(typeText.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out byte type)
                || (slash >= 0 && !byte.TryParse(text.AsSpan(slash + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out code)))
            {
                return $"'{Shown(text)}' is not an ICMP type: give a name such as echo-request, a type such as 8, or type and code such as 3/4.";
            }

            byte? wanted = slash < 0 ? null : code;
            found = (new IcmpTypeMatch(RuleAddressFamily.IPv4, type, wanted), new IcmpTypeMatch(RuleAddressFamily.IPv6, type, wanted));
        }

        int before = into.Count;
        if (found.V4 is { } four && family != IpFamily.IPv6)
        {
            into.Add(four);
        }

        if (found.V6 is { } six && family != IpFamily.IPv4)
        {
            into.Add(six);
        }

        return into.Count > before ? null : $"The ICMP type '{Shown(text)}' does not exist in {family}.";
    }

    /// <summary>Reads flags such as <c>syn,!ack</c>.</summary>
    public static string? TcpFlags(string text, out TcpFlagMatch match)
    {
        byte mask = 0;
        byte value = 0;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            bool isClear = part.StartsWith('!');
            int place = Array.FindIndex(s_tcpFlags, flag => part.AsSpan(isClear ? 1 : 0).Equals(flag, StringComparison.OrdinalIgnoreCase));
            byte bit = place < 0 ? (byte)0 : (byte)(1 << place);
            if (bit == 0 || (mask & bit) != 0)
            {
                match = default;
                return bit == 0
                    ? $"'{Shown(part)}' is not a TCP flag; flags are fin, syn, rst, psh, ack, urg, ece and cwr, with ! before those that must be clear, such as syn,!ack."
                    : $"The TCP flag '{Shown(part)}' is given twice.";
            }

            mask |= bit;
            value |= isClear ? (byte)0 : bit;
        }

        match = new TcpFlagMatch(mask, value);
        return null;
    }

    /// <summary>The flags of a packet as <see cref="TcpFlags(string, out TcpFlagMatch)"/> reads them.</summary>
    /// <param name="flags">The bits of the header.</param>
    public static string TcpFlags(byte flags) =>
        flags == 0 ? "!" + s_tcpFlags[1] : string.Join(',', s_tcpFlags.Where((_, place) => (flags & (1 << place)) != 0));

    /// <summary>Reads a code point by name (RFC 2474, 2597, 3246, 5865, 8622) or number.</summary>
    public static string? Dscp(string text, out byte value)
    {
        string name = text.Trim().ToUpperInvariant();
        value = 0;
        switch (name)
        {
            case "BE" or "DF":
                return null;
            case "EF":
                value = 46;
                return null;
            case "VA":
                value = 44;
                return null;
            case "LE":
                value = 1;
                return null;
            case ['C', 'S', >= '0' and <= '7']:
                value = (byte)((name[2] - '0') * 8);
                return null;
            case ['A', 'F', >= '1' and <= '4', >= '1' and <= '3']:
                value = (byte)(((name[2] - '0') * 8) + ((name[3] - '0') * 2));
                return null;
        }

        return TryNumber(name, out uint number) && number <= 63 && (value = (byte)number) == number
            ? null
            : $"'{Shown(text)}' is not a code point: give ef, va, le, be, cs0 to cs7, af11 to af43, or a number from 0 to 63.";
    }

    /// <summary>Reads a length of packets, or a range of lengths.</summary>
    public static string? PacketLength(string text, out NumberRange range)
    {
        return TryRange(text, out range) && !range.IsReversed && range.Last <= LongestPacket
            ? null
            : $"'{Shown(text)}' is not a length of packets in bytes such as 100 or 1000-1500, lowest first.";
    }

    /// <summary>Reads a mark, with or without a mask.</summary>
    public static string? Mark(string text, out MarkMatch match)
    {
        match = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        uint mask = uint.MaxValue;
        if (!TryNumber(slash < 0 ? text : text.AsSpan(0, slash), out uint value) || (slash >= 0 && !TryNumber(text.AsSpan(slash + 1), out mask)))
        {
            return $"'{Shown(text)}' is not a mark such as 0x10 or 0x10/0xff.";
        }

        if ((value & ~mask) != 0 || mask == 0)
        {
            return $"The mark '{Shown(text)}' has bits outside its mask, so no packet could have it.";
        }

        match = new MarkMatch(value, mask);
        return null;
    }

    /// <summary>Reads a rate such as <c>10/minute</c> or <c>2MB/second</c>. KB, MB and GB are powers of 1,000; KiB, MiB and GiB of 1,024.</summary>
    public static string? Rate(string text, out RateLimit rate)
    {
        rate = new RateLimit(1, RatePeriod.Second);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> amount = slash < 0 ? default : text.AsSpan(0, slash).Trim();
        RatePeriod? period = slash < 0 ? null : text[(slash + 1)..].Trim().ToUpperInvariant() switch
        {
            "SECOND" or "SEC" or "S" => RatePeriod.Second,
            "MINUTE" or "MIN" or "M" => RatePeriod.Minute,
            "HOUR" or "H" => RatePeriod.Hour,
            "DAY" or "D" => RatePeriod.Day,
            _ => null,
        };
        int digits = amount.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> unit = digits < 0 ? default : amount[digits..].Trim();
        long? factor = unit.ToString().ToUpperInvariant() switch
        {
            "" or "B" or "BYTES" => 1,
            "KB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "KIB" => 1L << 10,
            "MIB" => 1L << 20,
            "GIB" => 1L << 30,
            _ => null,
        };
        if (period is null || factor is null
            || !uint.TryParse(digits < 0 ? amount : amount[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out uint count) || count == 0)
        {
            return $"'{Shown(text)}' is not a rate such as 10/second, 5/minute or 2MB/second; the time is second, minute, hour or day.";
        }

        rate = new RateLimit(count * factor.Value, period.Value) { InBytes = unit.Length > 0 };
        return null;
    }

    /// <summary>Reads the highest segment size: <c>path</c> (as 0) or bytes.</summary>
    public static string? SegmentSize(string text, out ushort bytes)
    {
        bytes = 0;
        // 88 is the least an IPv4 path must carry less headers (RFC 879); smaller sizes only hurt.
        return text.Trim().Equals("path", StringComparison.OrdinalIgnoreCase)
            || (ushort.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out bytes) && bytes >= 88)
            ? null
            : $"'{Shown(text)}' is not a segment size: give path, or bytes from 88 to 65535.";
    }

    /// <summary>Reads a path of a control group, without slashes at its ends.</summary>
    public static string? Cgroup(string text, out string path)
    {
        path = text.Trim('/');
        return CgroupPaths.IsValid(path) && !path.Contains("//", StringComparison.Ordinal) && !path.Split('/').Any(part => part is "." or "..")
            ? null
            : $"'{Shown(text)}' is not a control group such as system.slice/nginx.service, as /proc/PID/cgroup shows it after 0::/.";
    }

    /// <summary>Reads a number or a range of numbers of users or groups; false when the text is a name.</summary>
    public static bool TryRange(ReadOnlySpan<char> text, out NumberRange range)
    {
        range = default;
        int dash = text.IndexOf('-');
        if (!TryNumber(dash < 0 ? text : text[..dash], out uint first))
        {
            return false;
        }

        uint last = first;
        if (dash >= 0 && !TryNumber(text[(dash + 1)..], out last))
        {
            return false;
        }

        range = new NumberRange(first, last);
        return true;
    }

    /// <summary>What a user typed, short and without control characters.</summary>
    public static string Shown(string text)
    {
        string cut = text.Length > 40 ? string.Concat(text.AsSpan(0, 40), "...") : text;
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c)) : cut;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out uint number)
    {
        text = text.Trim();
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static IcmpTypeMatch V4(byte type, byte? code = null) => new(RuleAddressFamily.IPv4, type, code);

    private static IcmpTypeMatch V6(byte type, byte? code = null) => new(RuleAddressFamily.IPv6, type, code);
}
