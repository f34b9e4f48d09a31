using System.IO.Enumeration;
using System.Net;
using System.Net.Sockets;
using Net.Platform;

namespace Net.Engine.Relay.Model;

/// <summary>A snapshot of the network, arranged for the questions of the resolver: 10,000 rules ask about a handful of interfaces.</summary>
internal sealed class LinkIndex
{
    private const ushort Ethernet = 1;
    private const ushort Loopback = 772;
    private const int MacBytes = 6;

    private readonly NetworkSnapshot _snapshot;
    private readonly Dictionary<string, LinkInfo> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LinkInfo[]> _matches = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<AddressInfo>> _addresses = [];
    private readonly Dictionary<int, List<RouteInfo>> _routes = [];
    private readonly Dictionary<int, byte[]> _macs = [];

    /// <summary>Arranges a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    public LinkIndex(NetworkSnapshot snapshot)
    {
        _snapshot = snapshot;
        foreach (LinkInfo link in snapshot.Links.Values)
        {
            _byName[link.Name] = link;
        }

        foreach (AddressInfo address in snapshot.Addresses.Values)
        {
            (_addresses.TryGetValue(address.InterfaceIndex, out List<AddressInfo>? list) ? list : _addresses[address.InterfaceIndex] = []).Add(address);
        }

        foreach (RouteInfo route in snapshot.Routes.Values)
        {
            if (route is { InterfaceIndex: { } index, Type: RouteType.Unicast })
            {
                (_routes.TryGetValue(index, out List<RouteInfo>? list) ? list : _routes[index] = []).Add(route);
            }
        }
    }

    /// <summary>An interface by its name.</summary>
    /// <param name="name">The name.</param>
    public LinkInfo? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>An interface's name, for sentences.</summary>
    /// <param name="index">Its index.</param>
    public string NameOf(int index) => _snapshot.Links.GetValueOrDefault(index)?.Name ?? $"interface {index}";

    /// <summary>An interface by its index.</summary>
    /// <param name="index">Its index.</param>
    public LinkInfo? Find(int index) => _snapshot.Links.GetValueOrDefault(index);

    /// <summary>Interfaces whose names match a pattern, by name.</summary>
    /// <param name="pattern">With <c>*</c> and <c>?</c>.</param>
    public LinkInfo[] Matching(string pattern)
    {
        if (!_matches.TryGetValue(pattern, out LinkInfo[]? found))
        {
            found = [.. _byName.Values.Where(link => FileSystemName.MatchesSimpleExpression(pattern, link.Name, ignoreCase: false)).OrderBy(link => link.Name, StringComparer.Ordinal)];
            _matches.Add(pattern, found);
        }

        return found;
    }

    /// <summary>The link-layer address frames leave an interface with.</summary>
    /// <param name="link">The interface.</param>
    /// <returns>6 bytes; empty where frames have no Ethernet header.</returns>
    public byte[] MacOf(LinkInfo link)
    {
        if (!_macs.TryGetValue(link.Index, out byte[]? mac))
        {
            byte[] own = link.HardwareAddress?.GetAddressBytes() ?? [];
            mac = link.HardwareType switch
            {
                Loopback => new byte[MacBytes],
                Ethernet when own.Length == MacBytes => own,
                _ => [],
            };
            _macs.Add(link.Index, mac);
        }

        return mac;
    }

    /// <summary>The address this host sends with by an interface: the first one that is global and not about to end, else the link-local one.</summary>
    /// <param name="index">The interface.</param>
    /// <param name="isIPv6">Of which family.</param>
    public IPAddress? AddressOf(int index, bool isIPv6)
    {
        AddressFamily family = isIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        return _addresses.GetValueOrDefault(index)?
            .Where(address => address.Family == family && (address.Flags & (AddressFlags.Tentative | AddressFlags.DuplicateDetected)) == 0)
            .OrderBy(address => (address.Flags & (AddressFlags.Secondary | AddressFlags.Deprecated)) != 0)
            .ThenBy(address => address.Scope)
            .ThenBy(address => address.Address.IsIPv6LinkLocal)
            .ThenBy(address => address.Address.ToString(), StringComparer.Ordinal)
            .FirstOrDefault()?.Address;
    }

    /// <summary>Whether this host has an address, on whatever interface.</summary>
    /// <param name="address">The address.</param>
    public bool IsOwn(IPAddress address) => _addresses.Values.Any(list => list.Any(one => one.Address.Equals(address)));

    /// <summary>Whom frames to a unicast address have to be sent to on an interface: the gateway of the best route there, or the address itself.</summary>
    /// <param name="index">The interface.</param>
    /// <param name="destination">The address.</param>
    public IPAddress NextHop(int index, IPAddress destination)
    {
        RouteInfo? best = null;
        foreach (RouteInfo route in _routes.GetValueOrDefault(index) ?? [])
        {
            if (route.Family == destination.AddressFamily && route.Destination.Contains(destination)
                && (best is null || route.Destination.PrefixLength > best.Destination.PrefixLength
                    || (route.Destination.PrefixLength == best.Destination.PrefixLength && route.Metric < best.Metric)))
            {
                best = route;
            }
        }

        return best?.Gateway ?? destination;
    }

    /// <summary>The link-layer address of a neighbour.</summary>
    /// <param name="index">The interface.</param>
    /// <param name="address">The neighbour's address.</param>
    /// <returns>6 bytes; null while it is not known.</returns>
    public byte[]? NeighborMac(int index, IPAddress address)
    {
        const NeighborStates unknown = NeighborStates.Incomplete | NeighborStates.Failed;
        return _snapshot.FindNeighbor(index, address) is { HardwareAddress: { } mac } neighbor && (neighbor.State & unknown) == 0 && mac.GetAddressBytes() is { Length: MacBytes } bytes ? bytes : null;
    }
}
