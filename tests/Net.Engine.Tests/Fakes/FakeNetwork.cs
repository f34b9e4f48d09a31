using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Net.Platform;

namespace Net.Engine.Tests;

/// <summary>A kernel's network: links and routes that tests and the engine change, with the events of both.</summary>
internal sealed class FakeNetwork : INetworkState, INetworkEditor, INetworkMonitor
{
    private readonly Lock _gate = new();
    private readonly List<NetworkSubscription> _subscriptions = [];
    private ImmutableDictionary<int, LinkInfo> _links = ImmutableDictionary<int, LinkInfo>.Empty;
    private ImmutableList<RouteInfo> _routes = [];
    private ImmutableDictionary<NeighborKey, NeighborInfo> _neighbors = ImmutableDictionary<NeighborKey, NeighborInfo>.Empty;

    /// <summary>Next hops the kernel does not find.</summary>
    public HashSet<string> Unreachable { get; } = [];

    /// <summary>What the engine asked for, in order.</summary>
    public List<string> Edits { get; } = [];

    public NetworkSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return new NetworkSnapshot
                {
                    Links = _links,
                    Routes = _routes.ToImmutableDictionary(RouteKey.Of),
                    Addresses = ImmutableDictionary<AddressKey, AddressInfo>.Empty.SetItems(Addresses.Select(address => KeyValuePair.Create(AddressKey.Of(address), address))),
                    Neighbors = _neighbors,
                };
            }
        }
    }

    public IReadOnlyList<RouteInfo> Routes => _routes;

    public IReadOnlyList<RouteInfo> Ours => [.. _routes.Where(route => route.Protocol == RouteProtocols.NetModule)];

    public LinkInfo AddLink(int index, string name, bool isUp = true)
    {
        lock (_gate)
        {
            var link = new LinkInfo { Index = index, Name = name, IsAdminUp = isUp, HasCarrier = isUp, OperationalState = isUp ? LinkOperationalState.Up : LinkOperationalState.Down, MtuBytes = 1500 };
            LinkInfo? old = _links.GetValueOrDefault(index);
            _links = _links.SetItem(index, link);
            Publish(new LinkChange(old, link));
            return link;
        }
    }

    public void ChangeLink(int index, Func<LinkInfo, LinkInfo> change)
    {
        lock (_gate)
        {
            LinkInfo old = _links[index];
            _links = _links.SetItem(index, change(old));
            Publish(new LinkChange(old, _links[index]));
        }
    }

    /// <summary>Puts a route there by another program's hand.</summary>
    public RouteInfo AddForeign(string destination, string? gateway, int index, uint metric = 0)
    {
        var route = new RouteInfo { Destination = IPNetwork.Parse(destination), Gateway = gateway is null ? null : IPAddress.Parse(gateway), InterfaceIndex = index, Metric = metric, Protocol = RouteProtocols.Static };
        Insert(route);
        return route;
    }

    public RouteInfo Insert(RouteInfo route)
    {
        lock (_gate)
        {
            _routes = _routes.Add(route);
            Publish(new RouteChange(null, route));
            return route;
        }
    }

    public void Delete(RouteInfo route)
    {
        lock (_gate)
        {
            _routes = _routes.Remove(route);
            Publish(new RouteChange(route, null));
        }
    }

    public void AddRoute(RouteInfo route)
    {
        lock (_gate)
        {
            RouteInfo kernel = Accept(route, "add");
            if (_routes.Any(one => IsAt(one, kernel)))
            {
                throw new NetworkChangeException($"add {route.Destination}: File exists");
            }

            Insert(kernel);
        }
    }

    public void ReplaceRoute(RouteInfo route)
    {
        lock (_gate)
        {
            RouteInfo kernel = Accept(route, "replace");
            if (_routes.Find(one => IsAt(one, kernel)) is { } old)
            {
                _routes = _routes.Remove(old);
            }

            Insert(kernel);
        }
    }

    public void RemoveRoute(RouteInfo route)
    {
        lock (_gate)
        {
            Edits.Add($"remove {route.Destination}");
            RouteInfo found = _routes.Find(one => IsAt(one, route) && Equals(one.Gateway, route.Gateway)) ?? throw new NetworkChangeException("No such process");
            Delete(found);
        }
    }

    /// <summary>Addresses of all interfaces.</summary>
    public List<AddressInfo> Addresses { get; } = [];

    /// <summary>Policy routing rules.</summary>
    public List<RuleInfo> Rules { get; } = [];

    public void AddRule(RuleInfo rule)
    {
        lock (_gate)
        {
            Rules.Add(rule);
        }
    }

    public void RemoveRule(RuleInfo rule)
    {
        lock (_gate)
        {
            Rules.Remove(rule);
        }
    }

    public void AddAddress(AddressInfo address)
    {
        lock (_gate)
        {
            Addresses.Add(address);
        }
    }

    /// <summary>An interface gets an address by another program's hand, of which the kernel tells.</summary>
    public void Give(int index, string address)
    {
        lock (_gate)
        {
            var info = new AddressInfo { InterfaceIndex = index, Address = IPAddress.Parse(address), PrefixLength = 24 };
            Addresses.Add(info);
            Publish(new AddressChange(null, info));
        }
    }

    /// <summary>The kernel learns the link-layer address of a neighbour.</summary>
    public void Learn(int index, string address, string mac)
    {
        lock (_gate)
        {
            var info = new NeighborInfo { InterfaceIndex = index, Address = IPAddress.Parse(address), HardwareAddress = System.Net.NetworkInformation.PhysicalAddress.Parse(mac), State = NeighborStates.Reachable };
            _neighbors = _neighbors.SetItem(new NeighborKey(index, info.Address), info);
            Publish(new NeighborChange(null, info));
        }
    }

    public void RemoveAddress(AddressInfo address)
    {
        lock (_gate)
        {
            Addresses.Remove(address);
        }
    }

    /// <summary>An interface goes, and all that hangs on it.</summary>
    public void RemoveLink(int index)
    {
        lock (_gate)
        {
            if (_links.TryGetValue(index, out LinkInfo? old))
            {
                _links = _links.Remove(index);
                Addresses.RemoveAll(address => address.InterfaceIndex == index);
                _routes = _routes.RemoveAll(route => route.InterfaceIndex == index);
                Publish(new LinkChange(old, null));
            }
        }
    }

    public void SetLinkUp(int interfaceIndex, bool isUp)
    {
        ChangeLink(interfaceIndex, link => link with { IsAdminUp = isUp, HasCarrier = isUp, OperationalState = isUp ? LinkOperationalState.Up : LinkOperationalState.Down });
        if (!isUp)
        {
            foreach (RouteInfo route in _routes.Where(route => route.InterfaceIndex == interfaceIndex))
            {
                Delete(route);
            }
        }
    }

    public void RenameLink(int interfaceIndex, string name) => ChangeLink(interfaceIndex, link => link with { Name = name });

    public NetworkSubscription Subscribe(int capacity = 4096)
    {
        lock (_gate)
        {
            var subscription = new NetworkSubscription(Snapshot, capacity, ended => Unsubscribe(ended));
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    public void PollCarrier(IReadOnlyCollection<string> interfaceNames)
    {
    }

    public IReadOnlyList<LinkInfo> GetLinks() => [.. Snapshot.Links.Values];

    public IReadOnlyList<AddressInfo> GetAddresses()
    {
        lock (_gate)
        {
            return [.. Addresses];
        }
    }

    public IReadOnlyList<RouteInfo> GetRoutes() => _routes;

    public IReadOnlyList<RuleInfo> GetRules()
    {
        lock (_gate)
        {
            return [.. Rules];
        }
    }

    public IReadOnlyList<NeighborInfo> GetNeighbors() => [];

    public NetworkSnapshot GetSnapshot() => Snapshot;

    public void Dispose()
    {
    }

    private static bool IsAt(RouteInfo a, RouteInfo b) => a.Destination.Equals(b.Destination) && a.Table == b.Table && a.Metric == b.Metric;

    private RouteInfo Accept(RouteInfo route, string verb)
    {
        Edits.Add($"{verb} {route.Destination}");
        return route.Gateway is { } gateway && Unreachable.Contains(gateway.ToString())
            ? throw new NetworkChangeException($"{verb} {route.Destination}: Nexthop has invalid gateway")
            : route with
            {
                Metric = route.Metric == 0 && route.Family == AddressFamily.InterNetworkV6 ? 1024 : route.Metric,
                InterfaceIndex = route.InterfaceIndex ?? _links.Keys.Order().FirstOrDefault(),
            };
    }

    private void Publish(NetworkChange change)
    {
        foreach (NetworkSubscription subscription in _subscriptions)
        {
            subscription.Publish(change);
        }
    }

    private void Unsubscribe(NetworkSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }
}
