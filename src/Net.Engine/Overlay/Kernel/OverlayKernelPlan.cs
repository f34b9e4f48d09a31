using System.Net;
using System.Net.Sockets;
using Net.Contracts;
using Net.Engine.Overlay.Model;
using Net.Platform;

namespace Net.Engine.Overlay.Kernel;

/// <summary>What the kernel shall have for an overlay: addresses and routes of its device, and for an exit node rules and a table of its own. Only addresses of single
/// peers and accepted prefixes are routed, never the whole of 100.64.0.0/10, so that a host that uses that network itself keeps working.</summary>
internal sealed record OverlayKernelPlan
{
    /// <summary>The firewall mark of sealed packets, by which they stay out of the tunnel: "nm" in ASCII.</summary>
    public const uint Mark = 0x6e6d;

    /// <summary>The routing table of the exit node. Tables up to 255 are the kernel's and the administrator's by custom.</summary>
    public const uint ExitTable = 52710;

    /// <summary>The metric of peers' own addresses.</summary>
    public const uint NodeMetric = 70;

    /// <summary>The metric of prefixes behind peers: higher than what a host gives the networks it is in itself, which stay reachable directly.</summary>
    public const uint GatewayMetric = 5270;

    private const uint FirstPriority = 5270;
    private const byte Udp = 17;
    private const byte Tcp = 6;
    private const ushort Dns = 53;

    /// <summary>Addresses of the device.</summary>
    public required AddressInfo[] Addresses { get; init; }

    /// <summary>Routes of the device, and of the exit node's table.</summary>
    public required RouteInfo[] Routes { get; init; }

    /// <summary>Rules of the exit node.</summary>
    public required RuleInfo[] Rules { get; init; }

    /// <summary>Makes a plan.</summary>
    /// <param name="view">The overlay.</param>
    /// <param name="device">The device's index.</param>
    /// <param name="isExitUp">Whether the exit node can be reached.</param>
    public static OverlayKernelPlan Of(OverlayView view, int device, bool isExitUp)
    {
        bool isExit = view.Settings.ExitNode is not null && (isExitUp || view.Settings.KillSwitch);
        return new OverlayKernelPlan
        {
            Addresses = [.. view.Addresses.Select(address => new AddressInfo
            {
                InterfaceIndex = device,
                Address = address,
                PrefixLength = OverlayNumbers.Bits(address),
                Flags = OverlayNumbers.IsIPv4(address) ? AddressFlags.Permanent : AddressFlags.Permanent | AddressFlags.NoDuplicateDetection,
            })],
            Routes = [.. DeviceRoutes(view, device), .. isExit ? ExitRoutes(view, device) : []],
            Rules = isExit ? [.. Rules4And6()] : [],
        };
    }

    private static IEnumerable<RouteInfo> DeviceRoutes(OverlayView view, int device)
    {
        IEnumerable<(IPNetwork Prefix, uint Metric)> wanted = view.Routes
            .Where(route => route.Refusal is null && route.Peer is not null && route.Prefix.PrefixLength > 0)
            .Select(route => (route.Prefix, route.Owner == OverlayRouteOwner.Node ? NodeMetric : GatewayMetric))
            .Concat(view.ResolverAddresses.Select(address => (OverlayNumbers.Host(address), NodeMetric)));
        foreach (IGrouping<IPNetwork, (IPNetwork Prefix, uint Metric)> group in wanted.GroupBy(one => one.Prefix))
        {
            // An own address is local whoever else claims it.
            if (!view.Addresses.Any(address => OverlayNumbers.Host(address).Equals(group.Key)))
            {
                yield return Route(view, group.Key, device, group.Min(one => one.Metric), RouteTables.Main);
            }
        }
    }

    private static IEnumerable<RouteInfo> ExitRoutes(OverlayView view, int device)
    {
        foreach (IPNetwork everything in (IPNetwork[])[new(IPAddress.Any, 0), new(IPAddress.IPv6Any, 0)])
        {
            yield return Route(view, everything, device, NodeMetric, ExitTable);
            if (view.Settings.KillSwitch)
            {
                // It stays when the device goes, even with the engine, so that nothing leaves by another way.
                yield return new RouteInfo
                {
                    Destination = everything,
                    Metric = GatewayMetric,
                    Table = ExitTable,
                    Type = RouteType.Unreachable,
                    Protocol = RouteProtocols.NetModuleOverlay,
                };
            }
        }
    }

    private static RouteInfo Route(OverlayView view, IPNetwork prefix, int device, uint metric, uint table) => new()
    {
        Destination = prefix,
        InterfaceIndex = device,
        Metric = metric,
        Table = table,
        Protocol = RouteProtocols.NetModuleOverlay,
        PreferredSource = view.Addresses.FirstOrDefault(address => address.AddressFamily == prefix.BaseAddress.AddressFamily),
    };

    // In this order: sealed packets go outside; names are asked for through the tunnel, also those a server in the local network would answer; what has a route
    // of its own takes it; everything else leaves by the exit node.
    private static IEnumerable<RuleInfo> Rules4And6()
    {
        foreach (AddressFamily family in (AddressFamily[])[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            var rule = new RuleInfo { Family = family, Priority = FirstPriority, Table = RouteTables.Main, FirewallMark = Mark, Protocol = RouteProtocols.NetModuleOverlay };
            RuleInfo toExit = rule with { FirewallMark = null, Table = ExitTable };
            yield return rule;
            yield return toExit with { Priority = FirstPriority + 1, IpProtocol = Udp, DestinationPortStart = Dns, DestinationPortEnd = Dns };
            yield return toExit with { Priority = FirstPriority + 2, IpProtocol = Tcp, DestinationPortStart = Dns, DestinationPortEnd = Dns };
            yield return toExit with { Priority = FirstPriority + 3, Table = RouteTables.Main, SuppressPrefixLength = 0 };
            yield return toExit with { Priority = FirstPriority + 4 };
        }
    }
}
