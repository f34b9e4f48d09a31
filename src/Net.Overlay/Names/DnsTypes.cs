namespace Net.Overlay.Names;

/// <summary>Resource record types and classes by IANA's "Domain Name System (DNS) Parameters".</summary>
public static class DnsTypes
{
    /// <summary>An IPv4 address, RFC 1035, 3.4.1.</summary>
    public const ushort A = 1;

    /// <summary>A name server, RFC 1035, 3.3.11.</summary>
    public const ushort NS = 2;

    /// <summary>The start of a zone, RFC 1035, 3.3.13.</summary>
    public const ushort Soa = 6;

    /// <summary>A name for an address, RFC 1035, 3.3.12.</summary>
    public const ushort Ptr = 12;

    /// <summary>An IPv6 address, RFC 3596.</summary>
    public const ushort Aaaa = 28;

    /// <summary>EDNS, RFC 6891.</summary>
    public const ushort Opt = 41;

    /// <summary>Incremental zone transfer, RFC 1995: from here to <see cref="Axfr"/> are questions about whole zones.</summary>
    public const ushort Ixfr = 251;

    /// <summary>Zone transfer, RFC 5936.</summary>
    public const ushort Axfr = 252;

    /// <summary>Everything at a name, RFC 8482.</summary>
    public const ushort Any = 255;

    /// <summary>The Internet's class.</summary>
    public const ushort ClassIn = 1;
}
