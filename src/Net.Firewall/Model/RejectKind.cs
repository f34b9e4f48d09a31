namespace Net.Firewall;

/// <summary>How the sender of a refused packet is told. Numbers are those of RFC 792, RFC 1812 and RFC 4443.</summary>
public enum RejectKind
{
    /// <summary>TCP by a reset, UDP and SCTP by "port unreachable", everything else by "administratively prohibited".</summary>
    Default,

    /// <summary>TCP by a reset; other protocols by "port unreachable".</summary>
    TcpReset,

    /// <summary>By "port unreachable".</summary>
    PortUnreachable,

    /// <summary>By "host unreachable" (IPv6: "address unreachable").</summary>
    HostUnreachable,

    /// <summary>By "no route" (IPv4: "network unreachable").</summary>
    NoRoute,

    /// <summary>By "administratively prohibited".</summary>
    AdminProhibited,
}
