using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Overlay.Model;
using Net.Engine.Overlay.Policy;
using Net.Engine.Overlay.Runtime;
using Net.Overlay.Policy;

namespace Net.Engine.Overlay.Api;

/// <content>Peers, routes and rules.</content>
internal sealed partial class OverlayService
{
    /// <summary>Lists peers.</summary>
    public OverlayPeer[] ListPeers(ListOverlayPeers request)
    {
        OverlaySettings[] matching = Matching(request.Overlay);
        OverlayPeer[] found = [.. matching.SelectMany(PeersOf).Where(peer => NameFilter.Matches(request.Names, peer.Name) || (request.Names is not null && peer.NodeId is not null && request.Names.Any(name => name.Length >= 10 && NameFilter.Matches([name], peer.NodeId))))];
        foreach (string name in (request.Names ?? []).Where(NameFilter.IsLiteral))
        {
            if (!found.Any(peer => Same(peer.Name, name) || peer.NodeId == name))
            {
                throw PeerNotFound(name, request.Overlay);
            }
        }

        return found;
    }

    /// <summary>Streams peers now and as they change.</summary>
    public IAsyncEnumerable<OverlayPeerChange> WatchPeersAsync(WatchOverlayPeers request, CancellationToken cancellationToken)
    {
        _ = Matching(request.Overlay);
        return overlays.Watch.WatchAsync(
            () => Matching(request.Overlay).SelectMany(PeersOf).Select(peer => new OverlayPeerChange(PathChangeKind.Present, peer, context.Clock.GetUtcNow())),
            change => request.Overlay is null || NameFilter.Matches([request.Overlay], change.Peer.Overlay ?? string.Empty), cancellationToken);
    }

    /// <summary>Adds peers.</summary>
    public async Task<OverlayPeersChanged> AddPeersAsync(Actor actor, AddOverlayPeers request, CancellationToken cancellationToken)
    {
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document => EditEach(document, Some(request.Peers, "peers"), peer => peer.Overlay, (settings, peers) =>
        {
            if (peers.FirstOrDefault(peer => settings.Peers.Any(one => Same(one.Name, peer.Name))) is { } twice)
            {
                throw new EngineException(ErrorCatalogue.OverlayPeerExists, $"A peer of overlay '{settings.Name}' is named '{twice.Name}' already.", twice.Name);
            }

            return settings with { Peers = [.. settings.Peers, .. peers.Select(Clean)] };
        }), cancellationToken).ConfigureAwait(false);
        return new OverlayPeersChanged(outcome.Applied ? Now(request.Peers) : request.Peers, outcome);
    }

    /// <summary>Replaces peers.</summary>
    public async Task<OverlayPeersChanged> SetPeersAsync(Actor actor, SetOverlayPeers request, CancellationToken cancellationToken)
    {
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document => EditEach(document, Some(request.Peers, "peers"), peer => peer.Overlay, (settings, peers) =>
        {
            OverlayPeer[] all = [.. settings.Peers];
            foreach (OverlayPeer peer in peers)
            {
                int index = Array.FindIndex(all, one => Same(one.Name, peer.Name));
                all[index < 0 ? throw PeerNotFound(peer.Name, settings.Name) : index] = Clean(peer);
            }

            return settings with { Peers = all };
        }), cancellationToken).ConfigureAwait(false);
        return new OverlayPeersChanged(Now(request.Peers), outcome);
    }

    /// <summary>Removes peers.</summary>
    public async Task<OverlayPeersChanged> RemovePeersAsync(Actor actor, RemoveOverlayPeers request, CancellationToken cancellationToken)
    {
        OverlayPeer[] removed = [];
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document => EditEach(document, Some(request.Names, "names"), _ => request.Overlay, (settings, names) =>
        {
            removed = [.. names.Distinct(StringComparer.OrdinalIgnoreCase).Select(name => settings.Peers.FirstOrDefault(one => Same(one.Name, name)) ?? throw PeerNotFound(name, settings.Name))];
            return settings with { Peers = [.. settings.Peers.Except(removed)] };
        }), cancellationToken).ConfigureAwait(false);
        return new OverlayPeersChanged([.. removed.Select(peer => peer with { Overlay = request.Overlay })], outcome);
    }

    /// <summary>Lists routes.</summary>
    public OverlayRoute[] ListRoutes(ListOverlayRoutes request) => [.. Matching(request.Overlay).SelectMany(RoutesOf)];

    /// <summary>Adds routes.</summary>
    public async Task<OverlayRoutesChanged> AddRoutesAsync(Actor actor, AddOverlayRoutes request, CancellationToken cancellationToken)
    {
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document => EditEach(document, Some(request.Routes, "routes"), route => route.Overlay, (settings, routes) =>
            settings with { Routes = [.. settings.Routes, .. routes.Select(Clean)] }), cancellationToken).ConfigureAwait(false);
        OverlayRoute[] now = outcome.Applied
            ? [.. All.SelectMany(RoutesOf).Where(route => request.Routes.Any(one => Same(one.Overlay!, route.Overlay) && Equals(one.Prefix, route.Prefix) && string.Equals(one.Peer, route.Peer, StringComparison.OrdinalIgnoreCase)))]
            : request.Routes;
        return new OverlayRoutesChanged(now, outcome);
    }

    /// <summary>Removes routes.</summary>
    public async Task<OverlayRoutesChanged> RemoveRoutesAsync(Actor actor, RemoveOverlayRoutes request, CancellationToken cancellationToken)
    {
        OverlayRoute[] removed = [];
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document => EditEach(document, Some(request.Prefixes, "prefixes"), _ => request.Overlay, (settings, prefixes) =>
        {
            removed = [.. settings.Routes.Where(route => prefixes.Contains(route.Prefix) && (request.Peer is null || Same(request.Peer, route.Peer)))];
            if (prefixes.FirstOrDefault(prefix => !removed.Any(route => route.Prefix.Equals(prefix))) is { } unknown)
            {
                throw new EngineException(ErrorCatalogue.OverlayRouteNotFound, $"Overlay '{settings.Name}' has no route to {unknown} in the document.", unknown.ToString());
            }

            return settings with { Routes = [.. settings.Routes.Except(removed)] };
        }), cancellationToken).ConfigureAwait(false);
        return new OverlayRoutesChanged([.. removed.Select(route => route with { Overlay = request.Overlay })], outcome);
    }

    /// <summary>Lists rules.</summary>
    public OverlayPolicyRule[] ListPolicy(ListOverlayPolicy request)
    {
        OverlayPolicyRule[] found = [.. Matching(request.Overlay).SelectMany(RulesOf).Where(rule => NameFilter.Matches(request.Names, rule.Name))];
        foreach (string name in (request.Names ?? []).Where(NameFilter.IsLiteral))
        {
            if (!found.Any(rule => Same(rule.Name, name)))
            {
                throw RuleNotFound(name);
            }
        }

        return found;
    }

    /// <summary>Adds rules.</summary>
    public async Task<OverlayPolicyChanged> CreatePolicyAsync(Actor actor, CreateOverlayPolicy request, CancellationToken cancellationToken)
    {
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document => EditEach(document, Some(request.Rules, "rules"), rule => rule.Overlay, (settings, rules) =>
        {
            List<OverlayPolicyRule> all = [.. settings.Policy];
            foreach (OverlayPolicyRule rule in rules)
            {
                if (all.Any(one => Same(one.Name, rule.Name)))
                {
                    throw new EngineException(ErrorCatalogue.OverlayPolicyExists, $"A rule of overlay '{settings.Name}' is named '{rule.Name}' already.", rule.Name);
                }

                all.Insert(PlaceOf(rule.Position, all.Count), Clean(rule));
            }

            return settings with { Policy = [.. all] };
        }), cancellationToken).ConfigureAwait(false);
        return new OverlayPolicyChanged(outcome.Applied ? Now(request.Rules) : request.Rules, outcome);
    }

    /// <summary>Replaces rules.</summary>
    public async Task<OverlayPolicyChanged> SetPolicyAsync(Actor actor, SetOverlayPolicy request, CancellationToken cancellationToken)
    {
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document => EditEach(document, Some(request.Rules, "rules"), rule => rule.Overlay, (settings, rules) =>
        {
            List<OverlayPolicyRule> all = [.. settings.Policy];
            foreach (OverlayPolicyRule rule in rules)
            {
                int index = all.FindIndex(one => Same(one.Name, rule.Name));
                if (index < 0)
                {
                    throw RuleNotFound(rule.Name);
                }

                all.RemoveAt(index);
                all.Insert(rule.Position is null ? index : PlaceOf(rule.Position, all.Count), Clean(rule));
            }

            return settings with { Policy = [.. all] };
        }), cancellationToken).ConfigureAwait(false);
        return new OverlayPolicyChanged(Now(request.Rules), outcome);
    }

    /// <summary>Removes rules.</summary>
    public async Task<OverlayPolicyChanged> RemovePolicyAsync(Actor actor, RemoveOverlayPolicy request, CancellationToken cancellationToken)
    {
        OverlayPolicyRule[] removed = [];
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document => EditEach(document, Some(request.Names, "names"), _ => request.Overlay, (settings, names) =>
        {
            removed = [.. names.Distinct(StringComparer.OrdinalIgnoreCase).Select(name => settings.Policy.FirstOrDefault(one => Same(one.Name, name)) ?? throw RuleNotFound(name))];
            return settings with { Policy = [.. settings.Policy.Except(removed)] };
        }), cancellationToken).ConfigureAwait(false);
        return new OverlayPolicyChanged([.. removed.Select(rule => rule with { Overlay = request.Overlay })], outcome);
    }

    /// <summary>Whether a connection would pass, and by which rule.</summary>
    public OverlayPolicyVerdict TestPolicy(TestOverlayPolicy request)
    {
        OverlaySettings settings = Get(request.Overlay);
        OverlayView view = overlays.ViewOf(settings) ?? throw new EngineException(ErrorCatalogue.OverlayNotRunning, $"Overlay '{settings.Name}' has no identity yet; start it once.", settings.Name);
        DateTimeOffset at = request.At ?? context.Clock.GetUtcNow();
        PolicyTestResult result = PolicyWords.Ask(view, request.From, request.To, request.Protocol, request.Port, at);
        return result.IsAllowed is { } allowed
            ? new OverlayPolicyVerdict(settings.Name, request.From, request.To, request.Protocol, request.Port, allowed ? OverlayAction.Allow : OverlayAction.Deny, result.RuleId, PolicyWords.Explain(result), at)
            : throw new EngineException(ErrorCatalogue.ArgumentInvalid, result.Reason);
    }

    private static EngineException PeerNotFound(string name, string? overlay) =>
        new(ErrorCatalogue.OverlayPeerNotFound, overlay is null ? $"No peer is named '{name}'." : $"No peer of overlay '{overlay}' is named '{name}'.", name);

    private static EngineException RuleNotFound(string name) => new(ErrorCatalogue.OverlayPolicyNotFound, $"No rule is named '{name}'.", name);

    private static int PlaceOf(int? position, int count) => position is not { } wanted ? count
        : wanted >= 1 && wanted <= count + 1 ? wanted - 1
        : throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"Position {wanted} is not between 1 and {count + 1}.", "position");

    private static OverlayPeer Clean(OverlayPeer peer) => new()
    {
        Name = peer.Name,
        PublicKey = peer.PublicKey?.Trim(),
        Endpoints = peer.Endpoints,
        Addresses = peer.Addresses,
        Subnets = peer.Subnets,
        IsExitNode = peer.IsExitNode,
        Enabled = peer.Enabled,
    };

    private static OverlayRoute Clean(OverlayRoute route) => new() { Prefix = route.Prefix, Peer = route.Peer, Preference = route.Preference, Masquerade = route.Masquerade };

    private static OverlayPolicyRule Clean(OverlayPolicyRule rule) => rule with { Overlay = null, Position = null, Matches = null };

    private OverlayPeer[] PeersOf(OverlaySettings settings) => overlays.Runtimes.TryGetValue(settings.Name, out OverlayRuntime? runtime)
        ? runtime.Peers()
        : [.. settings.Peers.Select(peer => peer with { Overlay = settings.Name, State = peer.Enabled ? OverlayPeerState.Idle : OverlayPeerState.Disabled, StateReason = "the overlay does not run" })];

    private OverlayRoute[] RoutesOf(OverlaySettings settings) => overlays.Runtimes.TryGetValue(settings.Name, out OverlayRuntime? runtime)
        ? runtime.Routes()
        : [.. settings.Routes.Select(route => route with { Overlay = settings.Name, Source = "document", IsSelected = false, Reason = "the overlay does not run" })];

    private IEnumerable<OverlayPolicyRule> RulesOf(OverlaySettings settings)
    {
        IReadOnlyDictionary<string, long>? matches = overlays.Runtimes.GetValueOrDefault(settings.Name)?.RuleMatches();
        return settings.Policy.Select((rule, index) => rule with
        {
            Overlay = settings.Name,
            Position = index + 1,
            Matches = matches is null ? null : matches.TryGetValue(rule.Name, out long count) ? count : 0,
        });
    }

    private void RefuseUnknownPeers(OverlaySettings settings, string[]? names)
    {
        OverlayPeer[] peers = PeersOf(settings);
        if ((names ?? []).FirstOrDefault(name => NameFilter.IsLiteral(name) && !peers.Any(peer => Same(peer.Name, name))) is { } unknown)
        {
            throw PeerNotFound(unknown, settings.Name);
        }
    }

    private OverlayPeer[] Now(OverlayPeer[] asked) =>
        [.. All.SelectMany(PeersOf).Where(peer => asked.Any(one => Same(one.Name, peer.Name) && string.Equals(one.Overlay, peer.Overlay, StringComparison.OrdinalIgnoreCase)))];

    private OverlayPolicyRule[] Now(OverlayPolicyRule[] asked) =>
        [.. All.SelectMany(RulesOf).Where(rule => asked.Any(one => Same(one.Name, rule.Name) && string.Equals(one.Overlay, rule.Overlay, StringComparison.OrdinalIgnoreCase)))];
}
