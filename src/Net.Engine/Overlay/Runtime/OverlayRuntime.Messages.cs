using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Overlay.Model;
using Net.Engine.Overlay.Streams;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Engine.Overlay.Runtime;

/// <content>What the worker tells.</content>
internal sealed partial class OverlayRuntime
{
    private readonly Dictionary<string, PeerReport> _reports = [];
    private readonly Dictionary<long, (string Key, TaskCompletionSource<PeerTested> Done)> _tests = [];
    private OverlayReport _totals = new();
    private long _nextTest;

    /// <inheritdoc />
    public void Received(WorkerMessage message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception exception) when (exception is EngineException or IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            // One message that cannot be dealt with must not end the worker.
            Log.MessageFailed(_context.Logger, exception, Settings.Name, message.GetType().Name);
        }
    }

    /// <inheritdoc />
    public void Ended(string reason, TimeSpan restartIn)
    {
        lock (_gate)
        {
            _hasBegun = false;
            _reports.Clear();
            State = restartIn > TimeSpan.FromSeconds(1) ? OverlayState.Failed : OverlayState.Starting;
            Reason = $"its worker ended: {reason}; the next starts {(restartIn > TimeSpan.Zero ? $"in {restartIn.TotalSeconds:0.##} s" : "at once")}";
        }

        Streams.Reset("the overlay's worker ended");
        FailTests("the overlay's worker ended");
        bool isWanted = Interlocked.Exchange(ref _restartReason, null) is { } asked && reason.StartsWith(asked, StringComparison.Ordinal);
        _context.Events.Publish("OverlayWorkerEnded", "overlay", isWanted ? EventSeverity.Information : EventSeverity.Error, $"The worker of overlay '{Settings.Name}' ended: {reason}. The next starts {(restartIn > TimeSpan.Zero ? $"in {restartIn.TotalSeconds:0.##} s" : "at once")}.", Settings.Name);
        if (State == OverlayState.Failed)
        {
            _context.Events.Publish("OverlayFailed", "overlay", EventSeverity.Error, $"Overlay '{Settings.Name}' moves no packets: {Reason}.", Settings.Name);
        }
    }

    /// <summary>Tests a peer by echoes inside its session.</summary>
    public async Task<PeerTested> TestAsync(EffectivePeer peer, TestOverlayPeers request, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<PeerTested>(TaskCreationOptions.RunContinuationsAsynchronously);
        long id;
        lock (_gate)
        {
            id = ++_nextTest;
            _tests.Add(id, (peer.Name, done));
        }

        TimeSpan timeout = request.Timeout ?? TimeSpan.FromSeconds(1);
        try
        {
            return _supervisor?.TrySend(new TestPeer(id, _indexes.Of(peer.PublicKey!), request.Count, timeout, request.Throughput, request.Mtu)) == true
                ? await done.Task.WaitAsync((timeout * (request.Count + 1)) + (request.Throughput ?? TimeSpan.Zero) + TimeSpan.FromSeconds(30), _context.Clock, cancellationToken).ConfigureAwait(false)
                : new PeerTested(id, 0, [], null, null, "the overlay's worker does not run now");
        }
        catch (TimeoutException)
        {
            return new PeerTested(id, 0, [], null, null, "the worker did not answer in time");
        }
        finally
        {
            lock (_gate)
            {
                _tests.Remove(id);
            }
        }
    }

    /// <summary>Sends a message to the worker.</summary>
    public bool TrySend(WorkerMessage message) => _supervisor?.TrySend(message) == true;

    /// <summary>The worker's number of a peer.</summary>
    public int IndexOf(EffectivePeer peer)
    {
        lock (_gate)
        {
            return _indexes.Of(peer.PublicKey!);
        }
    }

    private void Handle(WorkerMessage message)
    {
        switch (message)
        {
            case OverlayReady ready:
                State = OverlayState.Running;
                Reason = "packets flow";
                _context.Events.Publish("OverlayWorkerStarted", "overlay", EventSeverity.Information, $"The worker of overlay '{Settings.Name}' runs as process {_supervisor?.ProcessId} with {ready.Library}, {(ready.IsLocked ? "locked by a filter of system calls" : "not locked")}.", Settings.Name);
                break;
            case OverlayReport report:
                Take(report);
                break;
            case AuthorizePeer request:
                _supervisor?.TrySend(Authorize(request));
                break;
            case JoinRequested request:
                (byte[] frame, bool isLast) = _owner.JoinRequested(this, request.PublicKey, request.Request, request.RemoteEndpoint);
                RememberJoin(request, isLast);
                _supervisor?.TrySend(new AnswerJoin(request.RequestId, frame, isLast));
                break;
            case JoinAnswered answered:
                _owner.JoinAnswered(this, answered.Reply);
                break;
            case RoutesAdvertised routes:
                Take(routes);
                break;
            case RevocationsReceived revocations:
                Take(revocations);
                break;
            case AuditReport audit:
                Write(audit);
                break;
            case PeerTested tested:
                lock (_gate)
                {
                    if (_tests.TryGetValue(tested.RequestId, out (string Key, TaskCompletionSource<PeerTested> Done) waiting))
                    {
                        waiting.Done.TrySetResult(tested);
                    }
                }

                break;
            case WorkerLog line:
                LogLevel level = line.Level is >= 0 and <= 5 ? (LogLevel)line.Level : LogLevel.Information;
                Log.WorkerSaid(_context.Logger, level, Settings.Name, line.Text);
                break;
            default:
                Streams.Received(message, NameOfIndex);
                break;
        }
    }

    private void Take(OverlayReport report)
    {
        List<(EffectivePeer Peer, PeerReport? Before, PeerReport Now)> changes = [];
        bool isExitChange = false;
        lock (_gate)
        {
            _totals = report;
            foreach (PeerReport now in report.Peers)
            {
                if (_indexes.KeyOf(now.Index) is not { } key || _view.FindPeer(Convert.FromHexString(key)) is not { } peer)
                {
                    continue;
                }

                _reports.TryGetValue(key, out PeerReport? before);
                _reports[key] = now;
                if (before?.State != now.State)
                {
                    changes.Add((peer, before, now));
                    isExitChange |= string.Equals(peer.Name, Settings.ExitNode, StringComparison.OrdinalIgnoreCase);
                }
            }

            if (isExitChange)
            {
                SyncKernelQuietly();
            }
        }

        foreach ((EffectivePeer peer, PeerReport? before, PeerReport now) in changes)
        {
            Tell(peer, before, now);
        }
    }

    private void Tell(EffectivePeer peer, PeerReport? before, PeerReport now)
    {
        if (now.State == "up")
        {
            _context.Events.Publish("OverlayPeerUp", "overlay", EventSeverity.Information, $"Peer '{peer.Name}' of overlay '{Settings.Name}' is connected at {now.RemoteEndpoint}.", peer.Name);
        }
        else if (now.State == "refused")
        {
            _context.Events.Publish("OverlayPeerRefused", "overlay", EventSeverity.Warning, $"Peer '{peer.Name}' of overlay '{Settings.Name}' has no session: {now.Reason}.", peer.Name);
        }
        else if (before?.State == "up")
        {
            _context.Events.Publish("OverlayPeerDown", "overlay", EventSeverity.Warning, $"Peer '{peer.Name}' of overlay '{Settings.Name}' is not connected any more: {now.Reason}.", peer.Name);
        }

        if (now.State == "backoff")
        {
            // The name may lead elsewhere by now.
            _names.Want(peer.Document?.Endpoints ?? [], refresh: true);
        }

        _owner.PeerChanged(PathChangeKind.Changed, Describe(peer));
    }

    private void Take(RoutesAdvertised routes)
    {
        lock (_gate)
        {
            if (_indexes.KeyOf(routes.PeerIndex) is not { } key)
            {
                return;
            }

            if (_advertised.TryGetValue(key, out ModelPrefix[]? before) && before.AsSpan().SequenceEqual(routes.Prefixes))
            {
                return;
            }

            _advertised[key] = routes.Prefixes;
        }

        Rebuild();
    }

    private void Take(RevocationsReceived received)
    {
        if (_view.NetworkKey is { } network && _context.Revocations.Offer(network, received.Revocations) is { } list)
        {
            _context.Events.Publish("OverlayCertificateRevoked", "overlay", EventSeverity.Warning, $"Overlay '{Settings.Name}' learned revocation list {list.Sequence} of its network from '{NameOfIndex(received.PeerIndex)}': {list.Serials.Count} certificates are revoked.", Settings.Name);
            Rebuild();
        }
    }

    private void Write(AuditReport report)
    {
        if (!Settings.Audit.Enabled)
        {
            return;
        }

        string[] rules = [.. Settings.Policy.Where(rule => rule.Enabled).Select(rule => rule.Name)];
        try
        {
            _audit.Append([.. report.Records.Where(record => !record.IsConnection || Settings.Audit.Connections).Select(record => ToAudit(record, rules))], Settings.Audit);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _context.Events.Publish("OverlayAuditFailed", "overlay", EventSeverity.Error, $"{report.Records.Length} records of the audit log of overlay '{Settings.Name}' could not be written: {exception.Message}", Settings.Name);
        }

        if (report.Lost > 0)
        {
            _context.Events.Publish("OverlayAuditFailed", "overlay", EventSeverity.Warning, $"{report.Lost} records of the audit log of overlay '{Settings.Name}' came faster than they could be kept and are counted only.", Settings.Name);
        }
    }

    private OverlayAuditRecord ToAudit(FlowRecord record, string[] rules) => new()
    {
        Time = record.Time,
        Overlay = Settings.Name,
        Event = record.IsConnection ? "connection" : "decision",
        SourceNode = NodeOf(record.FromPeer),
        DestinationNode = NodeOf(record.ToPeer),
        SourceAddress = record.Source,
        SourcePort = record.SourcePort == 0 ? null : record.SourcePort,
        DestinationAddress = record.Destination,
        DestinationPort = record.DestinationPort == 0 ? null : record.DestinationPort,
        Protocol = Enum.IsDefined((IpProtocol)record.Protocol) ? ((IpProtocol)record.Protocol).ToString().ToLowerInvariant() : record.Protocol == 58 ? "icmp" : record.Protocol.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Action = record.Allowed ? OverlayAction.Allow : OverlayAction.Deny,
        Rule = record.Rule >= 0 && record.Rule < rules.Length ? rules[record.Rule] : null,
        SentBytes = record.SentBytes,
        ReceivedBytes = record.ReceivedBytes,
        Duration = record.IsConnection ? record.Duration : null,
        Count = record.Count,
    };

    private string? NodeOf(int index) => index < 0 ? _view.NodeName : NameOfIndex(index);

    private string? NameOfIndex(int index)
    {
        lock (_gate)
        {
            return _indexes.KeyOf(index) is { } key ? _view.FindPeer(Convert.FromHexString(key))?.Name ?? Net.Overlay.Identity.NodeId.FromPublicKey(Convert.FromHexString(key)).ToShortString() : null;
        }
    }

    private bool TakeMessageStream(ApplicationStream stream)
    {
        if (stream.Protocol != MessageFrame.Protocol)
        {
            return false;
        }

        _owner.MessageStream(this, stream);
        return true;
    }

    private void FailTests(string reason)
    {
        lock (_gate)
        {
            foreach ((long id, (string _, TaskCompletionSource<PeerTested> done)) in _tests)
            {
                done.TrySetResult(new PeerTested(id, 0, [], null, null, reason));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A message {Kind} of the worker of overlay {Overlay} could not be dealt with.", EventName = "OverlayMessageFailed")]
        public static partial void MessageFailed(ILogger logger, Exception exception, string overlay, string kind);

        [LoggerMessage(2, LogLevel.Warning, "The kernel refused a change for overlay {Overlay}: {Problem}", EventName = "OverlayKernelRefused")]
        public static partial void KernelRefused(ILogger logger, string overlay, string problem);

        [LoggerMessage(EventId = 3, Message = "{Overlay}: {Text}", EventName = "OverlayWorkerSaid")]
        public static partial void WorkerSaid(ILogger logger, LogLevel level, string overlay, string text);
    }
}
