using System.Net;
using System.Net.Sockets;

namespace Net.Platform;

/// <summary>One route.</summary>
public sealed record RouteInfo
{
    /// <summary>Where it leads; 0.0.0.0/0 or ::/0 for a default route.</summary>
    public required IPNetwork Destination { get; init; }

    /// <summary>The gateway; null when the destination is on the link or there are several next hops.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Index of the interface packets leave by; null when there is none or several.</summary>
    public int? InterfaceIndex { get; init; }

    /// <summary>Routing table.</summary>
    public uint Table { get; init; } = RouteTables.Main;

    /// <summary>Metric: of two routes to one prefix the lower wins. The kernel turns 0 into 1024 for IPv6.</summary>
    public uint Metric { get; init; }

    /// <summary>Who put it there, see <see cref="RouteProtocols"/>.</summary>
    public byte Protocol { get; init; } = RouteProtocols.NetModule;

    /// <summary>How far away the destination is; null lets the change choose (link without gateway, else universe).</summary>
    public RouteScope? Scope { get; init; }

    /// <summary>What it does with a packet.</summary>
    public RouteType Type { get; init; } = RouteType.Unicast;

    /// <summary>Source address the kernel prefers for packets of its own; null for its choice.</summary>
    public IPAddress? PreferredSource { get; init; }

    /// <summary>Type of service the route is for; 0 for all.</summary>
    public byte TypeOfService { get; init; }

    /// <summary>The next hops of a multipath route; empty otherwise.</summary>
    public ValueList<RouteNextHop> NextHops { get; init; } = [];

    /// <summary>Whether the kernel marks the next hop as dead or without carrier.</summary>
    public bool IsLinkDown { get; init; }

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family => Destination.BaseAddress.AddressFamily;

    /// <summary>Whether this is a default route.</summary>
    public bool IsDefault => Destination.PrefixLength == 0;
}
