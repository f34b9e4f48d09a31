using System.Net;

namespace Net.Platform;

/// <summary>What makes two routes the same one. Gateway and interface belong to it, because the kernel lets several routes
/// share destination, table and metric (the fe80::/64 of every interface does).</summary>
/// <param name="Destination">Where it leads.</param>
/// <param name="Table">Routing table.</param>
/// <param name="Metric">Metric.</param>
/// <param name="TypeOfService">Type of service.</param>
/// <param name="Type">What it does.</param>
/// <param name="InterfaceIndex">Interface packets leave by.</param>
/// <param name="Gateway">Gateway.</param>
/// <param name="NextHops">Next hops of a multipath route.</param>
public readonly record struct RouteKey(
    IPNetwork Destination,
    uint Table,
    uint Metric,
    byte TypeOfService,
    RouteType Type,
    int? InterfaceIndex,
    IPAddress? Gateway,
    ValueList<RouteNextHop> NextHops)
{
    /// <summary>The identity of a route.</summary>
    /// <param name="route">The route.</param>
    /// <returns>Its key.</returns>
    public static RouteKey Of(RouteInfo route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return new RouteKey(
            route.Destination, route.Table, route.Metric, route.TypeOfService, route.Type, route.InterfaceIndex, route.Gateway, route.NextHops);
    }
}
