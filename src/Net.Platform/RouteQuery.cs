using System.Net;

namespace Net.Platform;

/// <summary>A flow to find the route of. What is not given counts as absent, as the kernel's rules see it.</summary>
public sealed record RouteQuery
{
    /// <summary>Destination address.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>Source address; null lets the kernel choose. An address that is not this host's needs <see cref="InputInterface"/>.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Index of the interface the packet comes in by: asks where it would be forwarded or delivered. Null for a packet of this host.</summary>
    public int? InputInterface { get; init; }

    /// <summary>Index of the interface the packet must leave by; null for any.</summary>
    public int? OutputInterface { get; init; }

    /// <summary>Packet mark.</summary>
    public uint Mark { get; init; }

    /// <summary>User whose packet it is; null for none given.</summary>
    public uint? UserId { get; init; }

    /// <summary>IP protocol number; null for none given. The kernel knows TCP, UDP, ICMP and ICMPv6 here.</summary>
    public byte? Protocol { get; init; }

    /// <summary>Source port; null for none.</summary>
    public ushort? SourcePort { get; init; }

    /// <summary>Destination port; null for none.</summary>
    public ushort? DestinationPort { get; init; }

    /// <summary>Type of service byte.</summary>
    public byte TypeOfService { get; init; }
}
