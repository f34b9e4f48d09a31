using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Overlay.Model;
using Net.Engine.Overlay.Runtime;

namespace Net.Engine.Overlay.Api;

/// <summary>Serves the API of overlays, their peers, routes and policy: each change becomes an edit of the document.</summary>
internal sealed partial class OverlayService(ConfigurationManager configuration, OverlaySubsystem overlays, OverlayContext context)
{
    /// <summary>Lists overlays.</summary>
    public OverlaySettings[] List(ListOverlays request)
    {
        RefuseUnknown(request.Names);
        return [.. All.Where(one => NameFilter.Matches(request.Names, one.Name)).Select(overlays.Describe)];
    }

    /// <summary>Adds overlays.</summary>
    public async Task<OverlaysChanged> CreateAsync(Actor actor, CreateOverlays request, CancellationToken cancellationToken)
    {
        OverlaySettings[] wanted = [.. Some(request.Overlays, "overlays").Select(Clean)];
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            if (wanted.FirstOrDefault(one => document.Overlay.Overlays.Any(other => Same(one.Name, other.Name))) is { } twice)
            {
                throw new EngineException(ErrorCatalogue.OverlayExists, $"An overlay named '{twice.Name}' exists already.", twice.Name);
            }

            return With(document, [.. document.Overlay.Overlays, .. wanted]);
        }, cancellationToken).ConfigureAwait(false);
        return new OverlaysChanged(outcome.Applied ? Now(wanted) : wanted, outcome);
    }

    /// <summary>Replaces overlays.</summary>
    public async Task<OverlaysChanged> SetAsync(Actor actor, SetOverlays request, CancellationToken cancellationToken)
    {
        OverlaySettings[] wanted = [.. Some(request.Overlays, "overlays").Select(Clean)];
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            OverlaySettings[] all = [.. document.Overlay.Overlays];
            foreach (OverlaySettings one in wanted)
            {
                int index = Array.FindIndex(all, other => Same(one.Name, other.Name));
                all[index < 0 ? throw NotFound(one.Name) : index] = one;
            }

            return With(document, all);
        }, cancellationToken).ConfigureAwait(false);
        return new OverlaysChanged(Now(wanted), outcome);
    }

    /// <summary>Removes overlays.</summary>
    public async Task<OverlaysChanged> RemoveAsync(Actor actor, RemoveOverlays request, CancellationToken cancellationToken)
    {
        OverlaySettings[] removed = [];
        string[] names = Some(request.Names, "names");
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            removed = [.. names.Distinct(StringComparer.OrdinalIgnoreCase).Select(name => document.Overlay.Overlays.FirstOrDefault(one => Same(one.Name, name)) ?? throw NotFound(name))];
            return With(document, [.. document.Overlay.Overlays.Except(removed)]);
        }, cancellationToken).ConfigureAwait(false);
        foreach (OverlaySettings one in outcome.Applied ? removed : [])
        {
            overlays.Joining.GiveUp(one.Name);
        }

        return new OverlaysChanged(removed, outcome);
    }

    /// <summary>Ends workers and starts them anew.</summary>
    public OverlaySettings[] Restart(Actor actor, RestartOverlays request)
    {
        OverlayRuntime[] runtimes = [.. Some(request.Names, "names").Select(name => overlays.Running(Get(name).Name))];
        foreach (OverlayRuntime runtime in runtimes)
        {
            runtime.Restart($"{actor.Name} asked for it");
        }

        return [.. runtimes.Select(runtime => overlays.Describe(Get(runtime.Settings.Name)))];
    }

    /// <summary>Nodes and sessions.</summary>
    public OverlayGraph Graph(GetOverlayGraph request)
    {
        OverlaySettings settings = Get(request.Overlay);
        string self = overlays.ViewOf(settings)?.NodeName ?? OverlayView.Self;
        OverlayPeer[] peers = PeersOf(settings);
        return new OverlayGraph(settings.Name, settings.Topology, [self, .. peers.Select(peer => peer.Name)],
            [.. peers.Select(peer => new OverlayEdge(self, peer.Name, peer.State ?? OverlayPeerState.Idle, peer.RoundTripTime))]);
    }

    /// <summary>The newest records of the audit log.</summary>
    public OverlayAuditRecord[] ListAudit(ListOverlayAudit request)
    {
        if (request.Count is < 1 or > 10_000)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "Between 1 and 10,000 records can be asked for.", "count");
        }

        return
        [
            .. Matching(request.Overlay).SelectMany(settings =>
            {
                if (overlays.Runtimes.TryGetValue(settings.Name, out OverlayRuntime? runtime))
                {
                    return runtime.NewestAudit(request.Count, request.DeniedOnly);
                }

                using var log = new Audit.AuditLog(context.AuditFolder, settings.Name);
                return log.Newest(request.Count, request.DeniedOnly);
            }).OrderBy(record => record.Time).TakeLast(request.Count),
        ];
    }

    /// <summary>Tries what an overlay needs.</summary>
    public Task<OverlaySelfTestStep[]> SelfTestAsync(CancellationToken cancellationToken) => context.Host.SelfTestAsync(cancellationToken);

    /// <summary>Tests peers, one item each as it ends.</summary>
    public async IAsyncEnumerable<OverlayPeerTest> TestPeersAsync(TestOverlayPeers request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.Count is < 1 or > 1000 || request.Throughput > TimeSpan.FromSeconds(30) || request.Timeout is { } wait && (wait < TimeSpan.FromMilliseconds(10) || wait > TimeSpan.FromSeconds(60)))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "A test has 1 to 1000 echoes, waits 10 ms to 60 s for each, and sends data for 30 s at most.", "count");
        }

        OverlaySettings settings = Get(request.Overlay);
        OverlayRuntime runtime = overlays.Running(settings.Name);
        RefuseUnknownPeers(settings, request.Names);
        foreach (EffectivePeer peer in runtime.View.Peers.Where(peer => NameFilter.Matches(request.Names, peer.Name)))
        {
            OverlayPeer now = runtime.Describe(peer);
            if (now.State != OverlayPeerState.Up)
            {
                yield return new OverlayPeerTest { Overlay = settings.Name, Name = peer.Name, State = now.State ?? OverlayPeerState.Idle, Reason = $"there is no session: {now.StateReason}" };
                continue;
            }

            Net.Workers.Overlay.PeerTested tested = await runtime.TestAsync(peer, request, cancellationToken).ConfigureAwait(false);
            TimeSpan[] sorted = [.. tested.RoundTrips.Order()];
            bool isGood = tested.Problem is null && sorted.Length > 0;
            yield return new OverlayPeerTest
            {
                Overlay = settings.Name,
                Name = peer.Name,
                Succeeded = isGood && sorted.Length == tested.Sent,
                State = OverlayPeerState.Up,
                Reason = tested.Problem ?? $"{sorted.Length} of {tested.Sent} echoes came back",
                Sent = tested.Sent,
                Received = sorted.Length,
                MinimumRoundTripTime = sorted.Length > 0 ? sorted[0] : null,
                MedianRoundTripTime = sorted.Length > 0 ? sorted[sorted.Length / 2] : null,
                PathMtuBytes = tested.PathMtuBytes,
                ThroughputBitsPerSecond = tested.BitsPerSecond,
            };
        }
    }

    private OverlaySettings[] All => configuration.Document.Overlay.Overlays;

    /// <summary>An overlay of the document.</summary>
    /// <exception cref="EngineException">There is none of that name.</exception>
    public OverlaySettings Get(string name) => All.FirstOrDefault(one => Same(one.Name, name)) ?? throw NotFound(name);

    private static bool Same(string a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static EngineException NotFound(string name) => new(ErrorCatalogue.OverlayNotFound, $"No overlay is named '{name}'.", name);

    private static T[] Some<T>(T[] items, string what) => items.Length > 0 ? items : throw new EngineException(ErrorCatalogue.ArgumentInvalid, "Nothing was given.", what);

    private static NetConfiguration With(NetConfiguration document, OverlaySettings[] all) => document with { Overlay = document.Overlay with { Overlays = all } };

    // What lists carry would be stale in a document at once.
    private static OverlaySettings Clean(OverlaySettings overlay) => overlay with
    {
        Peers = [.. overlay.Peers.Select(Clean)],
        Routes = [.. overlay.Routes.Select(Clean)],
        Policy = [.. overlay.Policy.Select(Clean)],
        State = null,
        StateReason = null,
        NodeId = null,
        PublicKey = null,
        ActiveAddresses = null,
        ListenEndpoint = null,
        ResolverAddress = null,
        ConnectedPeers = null,
        WorkerProcessId = null,
        WorkerResidentBytes = null,
        WorkerRestarts = null,
        SentBytes = null,
        ReceivedBytes = null,
        Drops = null,
    };

    private OverlaySettings[] Matching(string? pattern)
    {
        RefuseUnknown(pattern is null ? null : [pattern]);
        return [.. All.Where(one => pattern is null || NameFilter.Matches([pattern], one.Name))];
    }

    private void RefuseUnknown(string[]? names)
    {
        if ((names ?? []).FirstOrDefault(name => NameFilter.IsLiteral(name) && !All.Any(one => Same(one.Name, name))) is { } unknown)
        {
            throw NotFound(unknown);
        }
    }

    private OverlaySettings[] Now(OverlaySettings[] asked) => [.. All.Where(one => asked.Any(other => Same(one.Name, other.Name))).Select(overlays.Describe)];

    // Edits of parts: every item names its overlay, and all of them change or none.
    private static NetConfiguration EditEach<T>(NetConfiguration document, IEnumerable<T> items, Func<T, string?> overlayOf, Func<OverlaySettings, T[], OverlaySettings> edit)
    {
        foreach (IGrouping<string, T> group in items.GroupBy(item => overlayOf(item) ?? throw new EngineException(ErrorCatalogue.ArgumentInvalid, "The overlay was not named.", "overlay"), StringComparer.OrdinalIgnoreCase))
        {
            OverlaySettings[] all = [.. document.Overlay.Overlays];
            int index = Array.FindIndex(all, one => Same(one.Name, group.Key));
            all[index < 0 ? throw NotFound(group.Key) : index] = edit(all[index], [.. group]);
            document = With(document, all);
        }

        return document;
    }
}
