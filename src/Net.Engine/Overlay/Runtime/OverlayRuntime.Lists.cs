using System.Collections.Immutable;
using Net.Contracts;
using Net.Engine.Overlay.Model;
using Net.Engine.Overlay.Policy;
using Net.Overlay.Routing;
using Net.Workers.Overlay;

namespace Net.Engine.Overlay.Runtime;

/// <content>What it does now, for lists, graphs and metrics.</content>
internal sealed partial class OverlayRuntime
{
    private ImmutableHashSet<string> _peersTold = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the worker counted last.</summary>
    public OverlayReport Totals => _totals;

    /// <summary>The document's overlay with what it does now.</summary>
    public OverlaySettings Describe(OverlaySettings settings)
    {
        lock (_gate)
        {
            PeerReport[] reports = [.. _reports.Values];
            return settings with
            {
                State = State,
                StateReason = Reason,
                NodeId = _view.NodeId.ToString(),
                PublicKey = Net.Overlay.Identity.PublicKeyText.Format(_identity.PublicKey),
                ActiveAddresses = [.. _view.Addresses.Select(address => address.ToString())],
                ListenEndpoint = _socket?.LocalEndPoint.ToString(),
                ResolverAddress = _view.ResolverAddresses.FirstOrDefault()?.ToString(),
                ConnectedPeers = reports.Count(report => report.State == "up"),
                WorkerProcessId = _supervisor?.ProcessId,
                WorkerResidentBytes = _totals.ResidentBytes == 0 ? null : _totals.ResidentBytes,
                WorkerRestarts = WorkerRestarts,
                SentBytes = reports.Sum(report => report.SentBytes),
                ReceivedBytes = reports.Sum(report => report.ReceivedBytes),
                Drops = ToDrops(_totals.Drops),
                ActiveShards = _totals.Shards.Length == 0 ? null : [.. _totals.Shards.Select(ToShard)],
            };
        }
    }

    /// <summary>The view an overlay's document would give, with what peers told so far.</summary>
    public OverlayView ViewFor(OverlaySettings settings)
    {
        lock (_gate)
        {
            return OverlayView.Build(Inputs() with { Settings = settings });
        }
    }

    /// <summary>All peers with the state of their sessions.</summary>
    public OverlayPeer[] Peers()
    {
        lock (_gate)
        {
            return [.. _view.Peers.Select(Describe)];
        }
    }

    /// <summary>A peer with the state of its session.</summary>
    public OverlayPeer Describe(EffectivePeer peer)
    {
        lock (_gate)
        {
            PeerReport? report = peer.PublicKey is { } key ? _reports.GetValueOrDefault(Convert.ToHexStringLower(key)) : null;
            (OverlayPeerState state, string reason) = StateOf(peer, report);
            OverlayPeer document = peer.Document ?? new OverlayPeer { Name = peer.Name };
            return document with
            {
                Overlay = Settings.Name,
                PublicKey = peer.PublicKey is null ? null : Net.Overlay.Identity.PublicKeyText.Format(peer.PublicKey),
                State = state,
                StateReason = reason,
                StateSince = report?.Since,
                NodeId = peer.NodeId?.ToString(),
                Trust = peer.Trust,
                MemberOf = peer.Groups,
                ActiveAddresses = [.. peer.Addresses.Select(address => address.ToString())],
                RemoteEndpoint = report?.RemoteEndpoint,
                PathKind = report?.State == "up" ? Contracts.PathKind.Direct : null,
                RoundTripTime = report?.RoundTripTime,
                PathMtuBytes = report?.PathMtuBytes,
                CongestionWindowBytes = report?.CongestionWindowBytes,
                Carriage = report?.Carriage,
                SentBytes = report?.SentBytes,
                ReceivedBytes = report?.ReceivedBytes,
                ConnectedAt = report?.ConnectedAt,
                MembershipExpires = peer.Certificate?.NotAfter,
                Connections = report?.Connections,
            };
        }
    }

    /// <summary>All routes with whether and why they are used.</summary>
    public Net.Contracts.OverlayRoute[] Routes()
    {
        OverlayView view = _view;
        RoutingTable table = PolicyWords.Routes(view, IsUp);
        IReadOnlyList<RouteExplanation> explained = table.Explain();
        return
        [
            .. view.Routes.Select(route =>
            {
                RouteExplanation? found = null;
                if (route.Refusal is null)
                {
                    int index = PolicyWords.IndexOf(view, route.Peer);
                    found = explained.FirstOrDefault(one => one.Route.PeerIndex == index && one.Route.Prefix.ToString() == route.Prefix.ToString() && (OverlayRouteOwner)one.Route.Owner == route.Owner);
                }

                return new Net.Contracts.OverlayRoute
                {
                    Overlay = Settings.Name,
                    Prefix = AddressRange.Parse(route.Prefix.ToString()),
                    Peer = route.Peer,
                    Preference = route.Preference,
                    Masquerade = route.Masquerade,
                    Owner = route.Owner,
                    Source = route.Source,
                    IsSelected = found?.IsSelected ?? false,
                    Reason = route.Refusal ?? found?.Reason ?? "not in the table",
                };
            }),
        ];
    }

    /// <summary>How often each rule decided, by its name.</summary>
    public IReadOnlyDictionary<string, long> RuleMatches()
    {
        lock (_gate)
        {
            string[] rules = [.. Settings.Policy.Where(rule => rule.Enabled).Select(rule => rule.Name)];
            return rules.Zip(_totals.RuleMatches).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>The newest records of the audit log.</summary>
    public OverlayAuditRecord[] NewestAudit(int count, bool deniedOnly) => _audit.Newest(count, deniedOnly);

    /// <summary>Whether a peer's session is up.</summary>
    public bool IsUp(string name)
    {
        lock (_gate)
        {
            return _view.FindPeer(name)?.PublicKey is { } key && _reports.GetValueOrDefault(Convert.ToHexStringLower(key))?.State == "up";
        }
    }

    /// <summary>Dropped packets as the contract has them.</summary>
    public static OverlayDrops ToDrops(long[] drops)
    {
        long Of(DropReason reason) => (int)reason < drops.Length ? drops[(int)reason] : 0;
        return new OverlayDrops(
            Of(DropReason.Policy), Of(DropReason.NoRoute), Of(DropReason.PeerDown), Of(DropReason.Source), Of(DropReason.Queue),
            Of(DropReason.Malformed), Of(DropReason.Ttl), Of(DropReason.TooBig), Of(DropReason.Stranger), Of(DropReason.Device),
            Of(DropReason.Handover));
    }

    private static OverlayShard ToShard(ShardReport shard) => new()
    {
        Index = shard.Index,
        Core = shard.Core,
        NumaNode = shard.NumaNode,
        Reason = shard.Reason,
        Peers = shard.Peers,
        SentDatagrams = shard.SentDatagrams,
        ReceivedDatagrams = shard.ReceivedDatagrams,
        HandedOver = shard.HandedOver,
    };

    private bool IsExitUp() => Settings.ExitNode is { } exit && IsUp(exit);

    private (OverlayPeerState State, string Reason) StateOf(EffectivePeer peer, PeerReport? report) =>
        peer.Document is { Enabled: false } ? (OverlayPeerState.Disabled, "it is switched off in the document")
        : peer.NoSession is { } why ? (OverlayPeerState.Idle, why)
        : peer.PublicKey is null ? (OverlayPeerState.Idle, "it has not shown its membership certificate yet")
        : report is null ? (OverlayPeerState.Idle, State == OverlayState.Running ? "nothing was reported of it yet" : $"the overlay does not move packets: {Reason}")
        : Enum.TryParse(report.State, ignoreCase: true, out OverlayPeerState state) ? (state, report.Reason)
        : (OverlayPeerState.Idle, report.Reason);

    private void TellPeersThatCameOrWent(OverlayView before)
    {
        List<(PathChangeKind Kind, OverlayPeer Peer)> changes = [];
        List<(string Name, string Reason)> ended = [];
        lock (_gate)
        {
            foreach (EffectivePeer peer in before.Peers)
            {
                // The worker ends the session of a key that is gone and reports no more of it.
                if (peer.PublicKey is { } key && _view.FindPeer(key) is null && _reports.Remove(Convert.ToHexStringLower(key), out PeerReport? report) && report.State == "up")
                {
                    string? departure = _view.Departed.FirstOrDefault(one => one.PublicKey.AsSpan().SequenceEqual(key)).Reason;
                    ended.Add((peer.Name, departure ?? (_view.FindPeer(peer.Name) is null ? "it was removed" : "it has another key now")));
                }
            }

            ImmutableHashSet<string> now = [.. _view.Peers.Select(peer => peer.Name)];
            now = now.WithComparer(StringComparer.OrdinalIgnoreCase);
            changes.AddRange(_view.Peers.Where(peer => !_peersTold.Contains(peer.Name)).Select(peer => (PathChangeKind.Added, Describe(peer))));
            changes.AddRange(_peersTold.Except(now).Select(name => (PathChangeKind.Removed, new OverlayPeer { Overlay = Settings.Name, Name = name })));
            _peersTold = now;
        }

        foreach ((string name, string reason) in ended)
        {
            _context.Events.Publish("OverlayPeerDown", "overlay", EventSeverity.Warning, $"Peer '{name}' of overlay '{Settings.Name}' is not connected any more: {reason}.", name);
        }

        foreach ((PathChangeKind kind, OverlayPeer peer) in changes)
        {
            _owner.PeerChanged(kind, peer);
        }
    }
}
