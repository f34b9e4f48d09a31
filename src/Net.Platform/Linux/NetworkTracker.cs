using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.RtnetlinkApi;

namespace Net.Platform.Linux;

/// <summary>Applies events and dumps to a snapshot and says what changed. Used by one thread; the published snapshot may be read by any.</summary>
[SupportedOSPlatform("linux")]
internal sealed class NetworkTracker(NetworkSnapshot start)
{
    private NetworkSnapshot _next = start;
    private volatile NetworkSnapshot _snapshot = start;

    /// <summary>The snapshot as of the last <see cref="Commit"/>.</summary>
    public NetworkSnapshot Snapshot => _snapshot;

    /// <summary>Whether the kernel changed routes without telling: it drops IPv4 routes silently with their link or address.</summary>
    public bool AreRoutesStale { get; private set; }

    /// <summary>Whether rules changed: several equal ones may exist, so only a dump tells what is left.</summary>
    public bool AreRulesStale { get; private set; }

    public void Commit() => _snapshot = _next;

    public IReadOnlyList<NetworkChange> Apply(NetlinkMessageReader messages)
    {
        var changes = new List<NetworkChange>();
        while (messages.TryRead(out NetlinkMessage message))
        {
            try
            {
                Apply(message, changes);
            }
            catch (NetlinkException)
            {
                // A message that makes no sense says nothing; the next one may.
            }
        }

        return changes;
    }

    /// <summary>Takes a whole new reading.</summary>
    public IReadOnlyList<NetworkChange> Replace(NetworkSnapshot actual)
    {
        var changes = new List<NetworkChange>();
        Compare(_next.Links, actual.Links, changes, (old, current) => IsSame(old, current) ? null : new LinkChange(old, current));
        Compare(_next.Addresses, actual.Addresses, changes, (old, current) => Equals(old, current) ? null : new AddressChange(old, current));
        Compare(_next.Neighbors, actual.Neighbors, changes, (old, current) => Equals(old, current) ? null : new NeighborChange(old, current));
        changes.AddRange(ReplaceRoutes([.. actual.Routes.Values]));
        changes.AddRange(ReplaceRules([.. actual.Rules]));
        _next = actual;
        return changes;
    }

    public IReadOnlyList<NetworkChange> ReplaceRoutes(IReadOnlyList<RouteInfo> routes)
    {
        var changes = new List<NetworkChange>();
        ImmutableDictionary<RouteKey, RouteInfo> actual = RouteNetlink.ToDictionary(routes, RouteKey.Of);
        Compare(_next.Routes, actual, changes, (old, current) => Equals(old, current) ? null : new RouteChange(old, current));
        _next = _next with { Routes = actual };
        AreRoutesStale = false;
        return changes;
    }

    public IReadOnlyList<NetworkChange> ReplaceRules(IReadOnlyList<RuleInfo> rules)
    {
        ImmutableHashSet<RuleInfo> actual = [.. rules];
        NetworkChange[] changes =
        [
            .. _next.Rules.Except(actual).Select(rule => new RuleChange(rule, null)),
            .. actual.Except(_next.Rules).Select(rule => new RuleChange(null, rule)),
        ];
        _next = _next with { Rules = actual };
        AreRulesStale = false;
        return changes;
    }

    /// <summary>Compares the carriers of some interfaces with what drivers say now.</summary>
    public IReadOnlyList<NetworkChange> ApplyCarriers(IEnumerable<string> interfaceNames, Func<string, bool?> hasCarrier)
    {
        var changes = new List<NetworkChange>();
        foreach (string name in interfaceNames)
        {
            if (_next.FindLink(name) is { IsAdminUp: true } link && hasCarrier(name) is bool carrier && carrier != link.HasCarrier)
            {
                SetLink(link with { HasCarrier = carrier }, changes);
            }
        }

        return changes;
    }

    private static bool IsSame(LinkInfo? left, LinkInfo? right) =>
        left is null || right is null ? ReferenceEquals(left, right) : (left with { Counters = default }) == (right with { Counters = default });

    private static void Compare<TKey, T>(
        ImmutableDictionary<TKey, T> old, ImmutableDictionary<TKey, T> current, List<NetworkChange> changes, Func<T?, T?, NetworkChange?> describe)
        where TKey : notnull
        where T : class
    {
        foreach ((TKey key, T before) in old)
        {
            if (!current.ContainsKey(key) && describe(before, null) is { } change)
            {
                changes.Add(change);
            }
        }

        foreach ((TKey key, T after) in current)
        {
            if (describe(old.GetValueOrDefault(key), after) is { } change)
            {
                changes.Add(change);
            }
        }
    }

    private void Apply(in NetlinkMessage message, List<NetworkChange> changes)
    {
        switch (message.Type)
        {
            case RTM_NEWLINK when RouteMessageParser.TryParseLink(message, out LinkInfo link):
                SetLink(link, changes);
                break;
            case RTM_DELLINK when RouteMessageParser.TryParseLink(message, out LinkInfo link):
                RemoveLink(link.Index, changes);
                break;
            case RTM_NEWADDR when RouteMessageParser.TryParseAddress(message, out AddressInfo address):
                AddressInfo? oldAddress = _next.Addresses.GetValueOrDefault(AddressKey.Of(address));
                _next = _next with { Addresses = _next.Addresses.SetItem(AddressKey.Of(address), address) };
                AddUnlessEqual(changes, oldAddress, address, new AddressChange(oldAddress, address));
                break;
            case RTM_DELADDR when RouteMessageParser.TryParseAddress(message, out AddressInfo address):
                AreRoutesStale = true;
                if (_next.Addresses.TryGetValue(AddressKey.Of(address), out AddressInfo? goneAddress))
                {
                    _next = _next with { Addresses = _next.Addresses.Remove(AddressKey.Of(address)) };
                    changes.Add(new AddressChange(goneAddress, null));
                }

                break;
            case RTM_NEWROUTE when RouteMessageParser.TryParseRoute(message, out RouteInfo route):
                SetRoute(route, (message.Flags & NetlinkApi.NLM_F_REPLACE) != 0, changes);
                break;
            case RTM_DELROUTE when RouteMessageParser.TryParseRoute(message, out RouteInfo route):
                RemoveRoute(route, changes);
                break;
            case RTM_NEWRULE or RTM_DELRULE:
                AreRulesStale = true;
                break;
            case RTM_NEWNEIGH when RouteMessageParser.TryParseNeighbor(message, out NeighborInfo neighbor):
                NeighborInfo? oldNeighbor = _next.Neighbors.GetValueOrDefault(NeighborKey.Of(neighbor));
                _next = _next with { Neighbors = _next.Neighbors.SetItem(NeighborKey.Of(neighbor), neighbor) };
                AddUnlessEqual(changes, oldNeighbor, neighbor, new NeighborChange(oldNeighbor, neighbor));
                break;
            case RTM_DELNEIGH when RouteMessageParser.TryParseNeighbor(message, out NeighborInfo neighbor):
                if (_next.Neighbors.TryGetValue(NeighborKey.Of(neighbor), out NeighborInfo? goneNeighbor))
                {
                    _next = _next with { Neighbors = _next.Neighbors.Remove(NeighborKey.Of(neighbor)) };
                    changes.Add(new NeighborChange(goneNeighbor, null));
                }

                break;
        }
    }

    private static void AddUnlessEqual(List<NetworkChange> changes, object? old, object current, NetworkChange change)
    {
        if (!current.Equals(old))
        {
            changes.Add(change);
        }
    }

    private void SetLink(LinkInfo link, List<NetworkChange> changes)
    {
        LinkInfo? old = _next.Links.GetValueOrDefault(link.Index);
        _next = _next with { Links = _next.Links.SetItem(link.Index, link) };
        if (IsSame(old, link))
        {
            return;
        }

        changes.Add(new LinkChange(old, link));
        AreRoutesStale |= old is not null && (old.IsAdminUp != link.IsAdminUp || old.HasCarrier != link.HasCarrier);
    }

    private void RemoveLink(int index, List<NetworkChange> changes)
    {
        AreRoutesStale = true;
        if (!_next.Links.TryGetValue(index, out LinkInfo? gone))
        {
            return;
        }

        // What was on it goes with it, whether the kernel says so one by one or not.
        foreach (AddressInfo address in _next.Addresses.Values.Where(address => address.InterfaceIndex == index).ToArray())
        {
            _next = _next with { Addresses = _next.Addresses.Remove(AddressKey.Of(address)) };
            changes.Add(new AddressChange(address, null));
        }

        foreach (NeighborInfo neighbor in _next.Neighbors.Values.Where(neighbor => neighbor.InterfaceIndex == index).ToArray())
        {
            _next = _next with { Neighbors = _next.Neighbors.Remove(NeighborKey.Of(neighbor)) };
            changes.Add(new NeighborChange(neighbor, null));
        }

        _next = _next with { Links = _next.Links.Remove(index) };
        changes.Add(new LinkChange(gone, null));
    }

    private void SetRoute(RouteInfo route, bool isReplacement, List<NetworkChange> changes)
    {
        RouteKey key = RouteKey.Of(route);
        RouteInfo? old = _next.Routes.GetValueOrDefault(key);
        if (isReplacement && old is null)
        {
            // The kernel does not announce what was replaced. One candidate is certain; among several only a dump tells.
            RouteInfo[] candidates = [.. _next.Routes.Values.Where(other =>
                other.Destination.Equals(route.Destination) && other.Table == route.Table && other.Metric == route.Metric
                && other.TypeOfService == route.TypeOfService)];
            if (candidates.Length == 1 && route.Family == AddressFamily.InterNetwork)
            {
                old = candidates[0];
                _next = _next with { Routes = _next.Routes.Remove(RouteKey.Of(old)) };
            }
            else
            {
                AreRoutesStale |= candidates.Length > 0;
            }
        }

        _next = _next with { Routes = _next.Routes.SetItem(key, route) };
        AddUnlessEqual(changes, old, route, new RouteChange(old, route));
    }

    private void RemoveRoute(RouteInfo route, List<NetworkChange> changes)
    {
        RouteKey key = RouteKey.Of(route);
        if (_next.Routes.TryGetValue(key, out RouteInfo? gone))
        {
            _next = _next with { Routes = _next.Routes.Remove(key) };
            changes.Add(new RouteChange(gone, null));
        }
        else
        {
            // One hop of a multipath route, announced by itself.
            AreRoutesStale = true;
        }
    }
}
