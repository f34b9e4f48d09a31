using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Net.Contracts;
using Net.Platform;
using Net.Steering;

namespace Net.Engine.Paths;

/// <content>Keeping the list of paths current, and probing each.</content>
internal sealed partial class PathSubsystem
{
    private void Update()
    {
        lock (_gate)
        {
            // Read inside the lock: a snapshot taken before it could be older than the one another thread worked by meanwhile.
            NetworkSnapshot network = seams.NetworkMonitor.Snapshot;
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            DateTimeOffset now = seams.Clock.GetUtcNow();
            Uplink[] uplinks = Uplink.AllOf(network);
            foreach (Uplink uplink in uplinks)
            {
                if (_paths.TryGetValue(uplink.PathId, out TrackedPath? known))
                {
                    known.Seen(uplink);
                }
                else
                {
                    Add(uplink);
                }
            }

            foreach (TrackedPath path in _paths.Values.Where(path => !uplinks.Any(uplink => uplink.PathId == path.PathId)).ToArray())
            {
                LinkInfo? link = network.Links.GetValueOrDefault(path.Uplink.Link.Index);
                path.RouteGone(link?.Name == path.Uplink.Link.Name ? link : null, now);
                bool isGone = link is null || link.Name != path.Uplink.Link.Name;
                if (isGone || (link!.IsUsable && now - path.RouteGoneAt > RouteGrace))
                {
                    Remove(path, isGone ? $"interface {path.Uplink.Link.Name} is gone" : "its default route is gone");
                }
            }

            JudgeLinks();
            JudgeSelection();
            seams.NetworkMonitor.PollCarrier([.. _paths.Values.Select(path => path.Uplink.Link.Name).Distinct()]);
        }
    }

    private void Add(Uplink uplink)
    {
        var path = new TrackedPath(uplink, configuration.Document.Paths, seams.Clock) { Facts = seams.LinkFacts.Read(uplink.Link.Name) };
        path.Read(uplink.Link.Counters);
        _paths.Add(path.PathId, path);
        events.Publish("PathAdded", "paths", EventSeverity.Information, $"Path {path.PathId} is new: a default route with metric {uplink.Metric} by {uplink.Link.Name}.", path.PathId);
        Tell(PathChangeKind.Added, path);
        _running.RemoveAll(task => task.IsCompleted);
        _running.Add(ProbeAsync(path));
    }

    private void Remove(TrackedPath path, string why)
    {
        _paths.Remove(path.PathId);
        events.Publish("PathRemoved", "paths", EventSeverity.Warning, $"Path {path.PathId} is removed: {why}.", path.PathId);
        Tell(PathChangeKind.Removed, path);
        path.Dispose();
    }

    private void JudgeLinks()
    {
        foreach (TrackedPath path in _paths.Values)
        {
            JudgeLink(path);
        }
    }

    private void JudgeLink(TrackedPath path)
    {
        path.Follow(configuration.Document.Paths);
        Took(path, path.Tracker.LinkChanged(path.Uplink.Condition, path.Now));
    }

    private void JudgeSelection()
    {
        IReadOnlyDictionary<string, UplinkSelection> judged = UplinkSelector.Select(
        [
            .. _paths.Values.Select(path => new UplinkCandidate(
                path.PathId, path.Uplink.Family == AddressFamily.InterNetworkV6, path.RouteGoneAt is null, path.Uplink.Condition == LinkCondition.Up, path.Uplink.Metric)),
        ]);
        foreach (TrackedPath path in _paths.Values)
        {
            UplinkSelection before = path.Selection;
            path.Selection = judged[path.PathId];
            if (before.IsSelected == path.Selection.IsSelected)
            {
                continue;
            }

            if (path.Selection.IsSelected)
            {
                events.Publish("PathSelected", "paths", EventSeverity.Information, $"Packets leave by {path.PathId} now: {path.Selection.Reason}.", path.PathId);
            }

            Tell(PathChangeKind.Changed, path);
        }
    }

    private void Took(TrackedPath path, PathTransition? transition)
    {
        if (transition is null)
        {
            return;
        }

        if (transition.To is Net.Steering.PathState.Failed or Net.Steering.PathState.Validated)
        {
            bool isFailed = transition.To == Net.Steering.PathState.Failed;
            events.Publish(isFailed ? "PathFailed" : "PathValidated", "paths", isFailed ? EventSeverity.Warning : EventSeverity.Information,
                $"Path {path.PathId} {(isFailed ? "has failed" : "is good")}: {transition.Reason}.", path.PathId);
        }

        Tell(PathChangeKind.Changed, path);
    }

    private void Tell(PathChangeKind kind, TrackedPath path)
    {
        if (_watchers.Count == 0)
        {
            return;
        }

        var change = new PathChange(kind, path.ToPath(configuration.Document.Paths), seams.Clock.GetUtcNow());
        foreach (Channel<PathChange> watcher in _watchers)
        {
            watcher.Writer.TryWrite(change);
        }
    }

    private async Task ProbeAsync(TrackedPath path)
    {
        CancellationToken stop = path.Stop.Token;
        while (!stop.IsCancellationRequested)
        {
            ProbeSettings settings = configuration.Document.Paths.Probe;
            try
            {
                BeginProbe(path, settings, stop);
            }
            catch (Exception exception)
            {
                Log.ProbingFailed(logger, exception, path.PathId);
            }

            try
            {
                await Task.Delay(settings.Interval, seams.Clock, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void BeginProbe(TrackedPath path, ProbeSettings settings, CancellationToken stop)
    {
        IPAddress? target;
        bool isProbing;
        lock (_gate)
        {
            JudgeLink(path);
            target = path.Tracker.Gateway;
            isProbing = settings.Enabled && target is not null && path.Uplink.Condition == LinkCondition.Up;
            if (isProbing)
            {
                Took(path, path.Tracker.ProbeSent(path.Now));
            }
        }

        if (isProbing)
        {
            _ = ProbeOnceAsync(path, target!, settings, stop);
        }
    }

    private async Task ProbeOnceAsync(TrackedPath path, IPAddress target, ProbeSettings settings, CancellationToken stop)
    {
        PathTracker tracker = path.Tracker;
        try
        {
            EchoReply reply = await seams.Prober.SendAsync(
                new EchoRequest { Destination = target, InterfaceName = path.Uplink.Link.Name, Timeout = settings.Timeout }, stop).ConfigureAwait(false);
            lock (_gate)
            {
                if (stop.IsCancellationRequested || path.Tracker != tracker)
                {
                    return;
                }

                PathTransition? transition = reply is { Outcome: EchoOutcome.Reply, RoundTripTime: { } time }
                    ? tracker.ProbeReplied(path.Now, time)
                    : tracker.ProbeLost(path.Now, reply.Outcome == EchoOutcome.Timeout ? null : reply.Reason);
                if (transition is null)
                {
                    Tell(PathChangeKind.Changed, path);
                }

                Took(path, transition);
            }
        }
        catch (OperationCanceledException)
        {
            // The path is gone.
        }
        catch (Exception exception)
        {
            Log.ProbingFailed(logger, exception, path.PathId);
        }
    }
}
