namespace Net.Overlay.Probes;

/// <summary>Finds out which endpoint of a peer to send to, and notices when it stops working. It does no input or output: it is told what came and when, is asked for
/// probes to send, and says when to ask again. An endpoint is used only after the peer answered a sealed ping sent there (the idea of RFC 9000, 8.2), so that a
/// forged source address draws no traffic; until then it gets at most three times the bytes that came from it. Times are nanoseconds of one
/// monotonic clock. Allocates only when endpoints are added or another one is selected. Not thread-safe.</summary>
public sealed partial class PathProber
{
    private const int MaxPongs = 8;

    private readonly PathProberOptions _options;
    private readonly List<ProbedPath> _paths = [];
    private readonly Pong[] _pongs = new Pong[MaxPongs];
    private readonly Queue<PathChange> _changes = new();
    private ProbeCodec _codec;
    private ulong _peerConnectionId;
    private int _pongCount;
    private ProbedPath? _selected;

    /// <summary>A prober that knows no endpoint.</summary>
    /// <param name="options">How often and how long.</param>
    /// <param name="codec">Seals and opens; of the session's present connection.</param>
    /// <param name="peerConnectionId">The peer's connection id that probes are marked with.</param>
    public PathProber(PathProberOptions options, ProbeCodec codec, ulong peerConnectionId)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(codec);
        _options = options;
        _codec = codec;
        _peerConnectionId = peerConnectionId;
    }

    /// <summary>The endpoints that are known.</summary>
    public IReadOnlyList<ProbedPath> Paths => _paths;

    /// <summary>The endpoint to send to; none before the first was set.</summary>
    public PathEndpoint Selected => _selected?.Endpoint ?? default;

    /// <summary>What is known of the selected endpoint.</summary>
    public ProbedPath? SelectedPath => _selected;

    /// <summary>Where the peer sees us, by its latest pong; none before.</summary>
    public PathEndpoint Observed { get; private set; }

    /// <summary>When to ask for probes next.</summary>
    public long Deadline { get; private set; } = long.MaxValue;

    /// <summary>How many pings were not answered because too many came at once.</summary>
    public long DroppedPongs { get; private set; }

    /// <summary>The session has another connection, or the peer gave another connection id. Probes on their way are forgotten; what is known of endpoints stays.</summary>
    public void SetConnection(ProbeCodec codec, ulong peerConnectionId)
    {
        ArgumentNullException.ThrowIfNull(codec);
        if (!ReferenceEquals(codec, _codec))
        {
            _pongCount = 0;
            foreach (ProbedPath path in _paths)
            {
                path.ForgetAll();
                path.IsWaiting = false;
            }
        }

        _codec = codec;
        _peerConnectionId = peerConnectionId;
    }

    /// <summary>The endpoint the connection's handshake came through: it is validated by that (RFC 9000, 8.1) and selected.</summary>
    public void SetHandshakeEndpoint(in PathEndpoint endpoint, long now)
    {
        ProbedPath? path = Find(endpoint) ?? Add(endpoint, isCandidate: false, now);
        if (path is null)
        {
            return;
        }

        path.LastHeard = now;
        path.State = ProbedPathState.Validated;
        path.Missed = 0;
        path.IsWaiting = false;
        Schedule(path, now + _options.IdleInterval);
        Select(path, "the handshake came through it");
    }

    /// <summary>Adds an endpoint the peer is configured with or announced. It is probed from now on.</summary>
    /// <returns>False when as many are known as are kept.</returns>
    public bool AddCandidate(in PathEndpoint endpoint, long now)
    {
        if (Find(endpoint) is { } known)
        {
            known.IsCandidate = true;
            return true;
        }

        return Add(endpoint, isCandidate: true, now) is not null;
    }

    /// <summary>Something happened to this host's network: every endpoint is probed at once.</summary>
    public void LocalNetworkChanged(long now)
    {
        foreach (ProbedPath path in _paths)
        {
            if (path.State == ProbedPathState.Failed)
            {
                path.State = ProbedPathState.Unknown;
                path.Missed = 0;
            }

            path.UnansweredSince = now - _options.ActiveInterval;
            path.LastHeard = Math.Min(path.LastHeard, now - _options.IdleInterval);
            Schedule(path, now);
        }
    }

    /// <summary>An authentic packet that is no probe came from an endpoint.</summary>
    /// <returns>Whether probes are due because the endpoint is not the selected one.</returns>
    public bool DatagramReceived(in PathEndpoint from, int bytes, long now)
    {
        if (_selected is { } selected && selected.Endpoint == from)
        {
            selected.LastHeard = now;
            selected.LastData = now;
            selected.UnansweredSince = long.MinValue;
            return false;
        }

        ProbedPath? path = Heard(from, bytes, now);
        if (path is null)
        {
            return false;
        }

        path.LastData = now;

        // The peer may have moved: ask the endpoint we send to whether it still works.
        if (_selected is { IsWaiting: false } silent && silent.LastHeard < now - _options.RetryInterval)
        {
            silent.UnansweredSince = Math.Max(silent.UnansweredSince, silent.LastHeard);
            Schedule(silent, now);
        }

        return true;
    }

    /// <summary>A packet that is no probe was sent to the selected endpoint.</summary>
    public void DatagramSent(long now)
    {
        if (_selected is { UnansweredSince: long.MinValue } selected)
        {
            selected.UnansweredSince = now;
            if (selected.NextProbe > now + _options.ActiveInterval)
            {
                Schedule(selected, now + _options.ActiveInterval);
            }
        }
    }

    /// <summary>A probe came.</summary>
    /// <param name="packet">The datagram.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="now">The time.</param>
    public ProbeOpenResult ProbeReceived(ReadOnlySpan<byte> packet, in PathEndpoint from, long now)
    {
        ProbeOpenResult result = _codec.TryOpen(packet, out ProbeMessage message, out ulong sequence);
        if (result != ProbeOpenResult.Ok)
        {
            return result;
        }

        Heard(from, packet.Length, now);
        if (message.Kind == ProbeKind.Ping)
        {
            if (_pongCount == MaxPongs)
            {
                DroppedPongs++;
                return result;
            }

            _pongs[_pongCount++] = new Pong(from, new ProbeMessage(ProbeKind.Pong, sequence, message.SentTime, from));
            Deadline = Math.Min(Deadline, now);
            return result;
        }

        Answered(message, now);
        return result;
    }

    /// <summary>Writes the next probe that is due. Call it until it writes none.</summary>
    /// <param name="destination">Receives a probe of <see cref="ProbeCodec.PacketBytes"/>.</param>
    /// <param name="now">The time.</param>
    /// <param name="to">Where to send it.</param>
    /// <returns>How many bytes were written; 0 when nothing is due before <see cref="Deadline"/>.</returns>
    public int WriteProbe(Span<byte> destination, long now, out PathEndpoint to)
    {
        if (_pongCount > 0)
        {
            Pong pong = _pongs[--_pongCount];
            to = pong.To;
            _codec.Seal(destination, _peerConnectionId, pong.Message);
            if (Find(to) is { State: not ProbedPathState.Validated } path)
            {
                path.BytesSent += ProbeCodec.PacketBytes;
            }

            return ProbeCodec.PacketBytes;
        }

        if (Deadline <= now)
        {
            for (int index = _paths.Count - 1; index >= 0; index--)
            {
                ProbedPath path = _paths[index];
                if (path.NextProbe <= now && IsProbeDue(path, now))
                {
                    path.Remember(_codec.Seal(destination, _peerConnectionId, new ProbeMessage(ProbeKind.Ping, 0, now, default)), now);
                    path.IsWaiting = true;
                    path.BytesSent += path.State == ProbedPathState.Validated ? 0 : ProbeCodec.PacketBytes;
                    path.NextProbe = now + Math.Max(_options.RetryInterval, 3 * path.SmoothedRtt);
                    to = path.Endpoint;
                    return ProbeCodec.PacketBytes;
                }
            }

            Deadline = long.MaxValue;
            foreach (ProbedPath path in _paths)
            {
                Deadline = Math.Min(Deadline, path.NextProbe);
            }
        }

        to = default;
        return 0;
    }

    /// <summary>Takes the next change of the selected endpoint.</summary>
    public bool TryTakeChange(out PathChange change) => _changes.TryDequeue(out change);

    private ProbedPath? Find(in PathEndpoint endpoint)
    {
        foreach (ProbedPath path in _paths)
        {
            if (path.Endpoint == endpoint)
            {
                return path;
            }
        }

        return null;
    }

    private ProbedPath? Add(in PathEndpoint endpoint, bool isCandidate, long now)
    {
        if (_paths.Count >= _options.MaxEndpoints && !TryMakeRoom())
        {
            return null;
        }

        var path = new ProbedPath(endpoint, isCandidate);
        _paths.Add(path);
        Schedule(path, now);
        return path;
    }

    private bool TryMakeRoom()
    {
        ProbedPath? victim = null;
        foreach (ProbedPath path in _paths)
        {
            if (!path.IsCandidate && path != _selected && path.State != ProbedPathState.Validated && (victim is null || path.LastHeard < victim.LastHeard))
            {
                victim = path;
            }
        }

        return victim is not null && _paths.Remove(victim);
    }

    private ProbedPath? Heard(in PathEndpoint from, int bytes, long now)
    {
        ProbedPath? path = Find(from) ?? Add(from, isCandidate: false, now);
        if (path is null)
        {
            return null;
        }

        path.LastHeard = now;
        path.UnansweredSince = long.MinValue;
        path.BytesReceived += bytes;
        if (path.State == ProbedPathState.Failed)
        {
            path.State = ProbedPathState.Unknown;
            path.Missed = 0;
            path.IsWaiting = false;
            Schedule(path, now);
        }

        return path;
    }

    private void Schedule(ProbedPath path, long time)
    {
        path.NextProbe = time;
        Deadline = Math.Min(Deadline, time);
    }

    private readonly record struct Pong(PathEndpoint To, ProbeMessage Message);
}
