using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Net.Firewall;

/// <summary>The transport protocol a rule matches: any, ICMP of both IP versions, or one IP protocol number. The default value is <see cref="Any"/>.</summary>
public readonly record struct RuleProtocol
{
    // Zero must mean "any" so that default(RuleProtocol) is the harmless value; numbers follow from FirstNumber on.
    private const short BothIcmp = 1;
    private const short FirstNumber = 256;

    // The names users know, with the numbers IANA gave them.
    private static readonly (string Name, byte Number)[] s_names =
    [
        ("tcp", 6), ("udp", 17), ("icmpv4", 1), ("icmpv6", 58), ("esp", 50), ("ah", 51), ("gre", 47), ("sctp", 132),
    ];

    private readonly short _code;

    private RuleProtocol(short code) => _code = code;

    /// <summary>Every protocol.</summary>
    public static RuleProtocol Any => default;

    /// <summary>ICMP for IPv4 and ICMPv6.</summary>
    public static RuleProtocol Icmp => new(BothIcmp);

    /// <summary>ICMP of IPv4 only (protocol 1).</summary>
    public static RuleProtocol IcmpV4 => FromNumber(1);

    /// <summary>ICMPv6 only (protocol 58).</summary>
    public static RuleProtocol IcmpV6 => FromNumber(58);

    /// <summary>TCP (protocol 6).</summary>
    public static RuleProtocol Tcp => FromNumber(6);

    /// <summary>UDP (protocol 17).</summary>
    public static RuleProtocol Udp => FromNumber(17);

    /// <summary>IPsec encapsulation (protocol 50).</summary>
    public static RuleProtocol Esp => FromNumber(50);

    /// <summary>IPsec authentication header (protocol 51).</summary>
    public static RuleProtocol Ah => FromNumber(51);

    /// <summary>Generic routing encapsulation (protocol 47).</summary>
    public static RuleProtocol Gre => FromNumber(47);

    /// <summary>SCTP (protocol 132).</summary>
    public static RuleProtocol Sctp => FromNumber(132);

    /// <summary>Whether every protocol matches.</summary>
    public bool IsAny => _code == 0;

    /// <summary>Whether this is ICMP of both IP versions.</summary>
    public bool IsIcmp => _code == BothIcmp;

    /// <summary>Whether the protocol has source and destination ports: TCP, UDP or SCTP.</summary>
    public bool HasPorts => this == Tcp || this == Udp || this == Sctp;

    /// <summary>The IP protocol number, or null for <see cref="Any"/> and <see cref="Icmp"/>.</summary>
    public byte? Number => _code >= FirstNumber ? (byte)(_code - FirstNumber) : null;

    /// <summary>The protocol with an IP protocol number; 1 and 58 are ICMP of one IP version.</summary>
    public static RuleProtocol FromNumber(byte number) => new((short)(FirstNumber + number));

    /// <summary>Reads any, tcp, udp, icmp, icmpv4, icmpv6, esp, ah, gre, sctp (case does not matter) or a number from 0 to 255.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RuleProtocol protocol)
    {
        protocol = Any;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        if (text.Equals("any", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (text.Equals("icmp", StringComparison.OrdinalIgnoreCase))
        {
            protocol = Icmp;
            return true;
        }

        foreach ((string name, byte number) in s_names)
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                protocol = FromNumber(number);
                return true;
            }
        }

        if (byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte raw))
        {
            protocol = FromNumber(raw);
            return true;
        }

        return false;
    }

    /// <summary>The text <see cref="TryParse"/> reads: a name where there is one, else the number.</summary>
    public override string ToString()
    {
        if (Number is not byte number)
        {
            return IsAny ? "any" : "icmp";
        }

        foreach ((string name, byte known) in s_names)
        {
            if (known == number)
            {
                return name;
            }
        }

        return number.ToString(CultureInfo.InvariantCulture);
    }
}
