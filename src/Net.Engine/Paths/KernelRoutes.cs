using System.Net;
using System.Net.Sockets;
using Net.Contracts;
using Net.Platform;

namespace Net.Engine.Paths;

/// <summary>The routes of one snapshot, looked at with the document's routes in mind.</summary>
internal sealed class KernelRoutes
{
    private readonly NetworkSnapshot _network;
    private readonly ILookup<RouteTarget, RouteInfo> _byTarget;

    public KernelRoutes(NetworkSnapshot network)
    {
        _network = network;
        _byTarget = network.Routes.Values.ToLookup(TargetOf);
    }

    /// <summary>What makes two routes stand in each other's way: prefix, metric and table, as the kernel counts them.</summary>
    public static RouteTarget TargetOf(NetPathRoute route)
    {
        int bits = route.DestinationPrefix.First.GetAddressBytes().Length * 8;
        var destination = new IPNetwork(route.DestinationPrefix.First, route.DestinationPrefix.PrefixLength ?? bits);
        return new RouteTarget(destination, EffectiveMetric((uint)(route.RouteMetric ?? 0), route.DestinationPrefix.Family == IpFamily.IPv6), (uint)(route.Table ?? (int)RouteTables.Main));
    }

    /// <summary>The kernel's form of a route, or why it has to wait.</summary>
    public (RouteInfo? Route, string Reason) ToKernel(NetPathRoute route)
    {
        int? index = null;
        if (route.InterfaceAlias is { } name)
        {
            LinkInfo? link = _network.FindLink(name);
            if (link is null)
            {
                return (null, $"there is no interface {name}");
            }

            if (!link.IsAdminUp)
            {
                return (null, $"interface {name} is switched off");
            }

            index = link.Index;
        }

        return (new RouteInfo
        {
            Destination = TargetOf(route).Destination,
            Gateway = GatewayOf(route),
            InterfaceIndex = index,
            Metric = (uint)(route.RouteMetric ?? 0),
            Table = (uint)(route.Table ?? (int)RouteTables.Main),
        }, string.Empty);
    }

    /// <summary>Whether the kernel has this route of ours.</summary>
    public bool Has(RouteInfo wanted) => _byTarget[TargetOf(wanted)].Any(kernel => IsSame(kernel, wanted));

    /// <summary>Whether a route of ours stands where this one goes, so that it can be replaced in one step.</summary>
    public bool HasOursAt(RouteInfo wanted) => _byTarget[TargetOf(wanted)].Any(kernel => kernel.Protocol == RouteProtocols.NetModule);

    /// <summary>Somebody else's route that stands where this one goes, or null.</summary>
    public RouteInfo? ForeignAt(RouteInfo wanted) => _byTarget[TargetOf(wanted)].FirstOrDefault(kernel => kernel.Protocol != RouteProtocols.NetModule);

    /// <summary>Routes of ours that none of the document's routes is.</summary>
    public RouteInfo[] Unwanted(NetPathRoute[] wanted)
    {
        ILookup<RouteTarget, NetPathRoute> byTarget = wanted.ToLookup(TargetOf);

        // A route whose interface was renamed or switched off is still the document's: its next hop says so.
        return
        [
            .. _network.Routes.Values.Where(kernel => kernel.Protocol == RouteProtocols.NetModule
                && !byTarget[TargetOf(kernel)].Any(route => ToKernel(route).Route is { } known ? IsSame(kernel, known) : Equals(kernel.Gateway, GatewayOf(route)))),
        ];
    }

    private static bool IsSame(RouteInfo kernel, RouteInfo wanted) =>
        kernel.Protocol == RouteProtocols.NetModule
        && Equals(kernel.Gateway, wanted.Gateway)
        && (wanted.InterfaceIndex is null || kernel.InterfaceIndex == wanted.InterfaceIndex);

    private static IPAddress? GatewayOf(NetPathRoute route) => route.NextHop is null ? null : IPAddress.Parse(route.NextHop);

    private static RouteTarget TargetOf(RouteInfo route) =>
        new(route.Destination, EffectiveMetric(route.Metric, route.Family == AddressFamily.InterNetworkV6), route.Table);

    // The kernel turns an IPv6 metric of 0 into 1024 (IP6_RT_PRIO_USER).
    private static uint EffectiveMetric(uint metric, bool isIPv6) => metric == 0 && isIPv6 ? 1024 : metric;
}
