using System.Net;
using System.Net.Sockets;
using Net.Platform;
using Net.Steering;

namespace Net.Engine.Paths;

/// <summary>An interface with a default route, as the kernel has it.</summary>
/// <param name="Link">The interface.</param>
/// <param name="Family">The version of IP.</param>
/// <param name="Gateway">The gateway; null on a link that needs none.</param>
/// <param name="LocalAddress">The address packets leave with; null when the kernel does not say.</param>
/// <param name="Metric">The route's metric.</param>
internal sealed record Uplink(LinkInfo Link, AddressFamily Family, IPAddress? Gateway, IPAddress? LocalAddress, long Metric)
{
    /// <summary>The stable id of the path: interface and gateway, or interface and family where there is none.</summary>
    public string PathId => Gateway is null
        ? $"{Link.Name}/{(Family == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4")}"
        : $"{Link.Name}/{Gateway}";

    /// <summary>Whether the link can carry packets.</summary>
    public LinkCondition Condition => Link switch
    {
        { IsAdminUp: false } => LinkCondition.AdministrativelyDown,
        { IsUsable: false } => LinkCondition.NoCarrier,
        _ => LinkCondition.Up,
    };

    /// <summary>The uplinks of a network: one for each next hop of each default route, the best metric of each path only.</summary>
    public static Uplink[] AllOf(NetworkSnapshot network)
    {
        var found = new Dictionary<string, Uplink>(StringComparer.Ordinal);
        foreach (RouteInfo route in network.GetDefaultRoutes())
        {
            foreach ((IPAddress? gateway, int? index) in HopsOf(route))
            {
                if (index is { } known && network.Links.TryGetValue(known, out LinkInfo? link) && !link.IsLoopback)
                {
                    var uplink = new Uplink(link, route.Family, WithoutZone(gateway), route.PreferredSource ?? LocalAddressOf(network, known, route.Family), route.Metric);
                    found.TryAdd(uplink.PathId, uplink);
                }
            }
        }

        return [.. found.Values];
    }

    private static IEnumerable<(IPAddress? Gateway, int? Index)> HopsOf(RouteInfo route)
    {
        if (route.NextHops.Count == 0)
        {
            yield return (route.Gateway, route.InterfaceIndex);
            yield break;
        }

        foreach (RouteNextHop hop in route.NextHops)
        {
            yield return (hop.Gateway, hop.InterfaceIndex);
        }
    }

    // The interface stands beside the gateway already; a zone in the address would only repeat it.
    private static IPAddress? WithoutZone(IPAddress? address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes()) : address;

    private static IPAddress? LocalAddressOf(NetworkSnapshot network, int index, AddressFamily family) =>
        network.GetAddresses(index)
            .Where(address => address.Family == family && !address.Flags.HasFlag(AddressFlags.Deprecated) && !address.Flags.HasFlag(AddressFlags.Tentative))
            .OrderBy(address => (int)address.Scope)
            .ThenBy(address => address.Flags.HasFlag(AddressFlags.Secondary))
            .FirstOrDefault()?.Address;
}
