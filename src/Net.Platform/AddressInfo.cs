using System.Net;
using System.Net.Sockets;

namespace Net.Platform;

/// <summary>One address of an interface.</summary>
public sealed record AddressInfo
{
    /// <summary>Index of the interface.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>The address.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Length of its prefix in bits.</summary>
    public required int PrefixLength { get; init; }

    /// <summary>The other end of a point-to-point link; null for ordinary addresses.</summary>
    public IPAddress? Peer { get; init; }

    /// <summary>Where it is valid.</summary>
    public RouteScope Scope { get; init; }

    /// <summary>State and origin.</summary>
    public AddressFlags Flags { get; init; }

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family => Address.AddressFamily;
}
