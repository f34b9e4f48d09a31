using System.Collections.Immutable;
using System.Net;

namespace Net.Platform;

/// <summary>Links, addresses, routes, rules and neighbours at one moment. Immutable.</summary>
public sealed record NetworkSnapshot
{
    /// <summary>A network with nothing in it.</summary>
    public static NetworkSnapshot Empty { get; } = new();

    /// <summary>Interfaces by index.</summary>
    public ImmutableDictionary<int, LinkInfo> Links { get; init; } = ImmutableDictionary<int, LinkInfo>.Empty;

    /// <summary>Addresses by identity.</summary>
    public ImmutableDictionary<AddressKey, AddressInfo> Addresses { get; init; } = ImmutableDictionary<AddressKey, AddressInfo>.Empty;

    /// <summary>Routes by identity.</summary>
    public ImmutableDictionary<RouteKey, RouteInfo> Routes { get; init; } = ImmutableDictionary<RouteKey, RouteInfo>.Empty;

    /// <summary>Policy routing rules.</summary>
    public ImmutableHashSet<RuleInfo> Rules { get; init; } = [];

    /// <summary>Neighbours by identity.</summary>
    public ImmutableDictionary<NeighborKey, NeighborInfo> Neighbors { get; init; } = ImmutableDictionary<NeighborKey, NeighborInfo>.Empty;

    /// <summary>Finds an interface by name.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The interface, or null.</returns>
    public LinkInfo? FindLink(string name)
    {
        foreach (LinkInfo link in Links.Values)
        {
            if (link.Name == name)
            {
                return link;
            }
        }

        return null;
    }

    /// <summary>The addresses of one interface.</summary>
    /// <param name="interfaceIndex">Its index.</param>
    /// <returns>Its addresses.</returns>
    public IEnumerable<AddressInfo> GetAddresses(int interfaceIndex) =>
        Addresses.Values.Where(address => address.InterfaceIndex == interfaceIndex);

    /// <summary>The default routes of the main table, best metric first.</summary>
    /// <returns>IPv4 and IPv6 routes.</returns>
    public IEnumerable<RouteInfo> GetDefaultRoutes() =>
        Routes.Values.Where(route => route.IsDefault && route.Table == RouteTables.Main && route.Type == RouteType.Unicast)
            .OrderBy(route => route.Metric);

    /// <summary>The neighbour entry of an address on an interface.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="address">The neighbour's address.</param>
    /// <returns>The entry, or null.</returns>
    public NeighborInfo? FindNeighbor(int interfaceIndex, IPAddress address) =>
        Neighbors.GetValueOrDefault(new NeighborKey(interfaceIndex, address));
}
