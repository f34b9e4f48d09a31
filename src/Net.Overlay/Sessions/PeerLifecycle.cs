using System.Globalization;
using Net.Overlay.Control;
using Net.Overlay.Identity;

namespace Net.Overlay.Sessions;

/// <summary>The life of one peer: when to dial which endpoint, which of several connections to use, when to try again, when to close. It does no input or output: it
/// is told what happened and when, and puts what is to be done into a queue. Times are nanoseconds of one monotonic clock. Not thread-safe.
/// <para>Two nodes may dial each other at once, make replacements at once, or start anew without the other noticing, so several connections can stand at a time. Which
/// one is used follows from what the hellos said, so both sides come to the same: the peer's newest run first, then the higher ordinal,
/// then the connection whose TLS client has the lower node id. The TLS client of the winner closes the loser after a moment; the other side only if that does
/// not come.</para></summary>
public sealed partial class PeerLifecycle
{
    private const int MaxGreeting = 4;
    private const int MaxRetired = 4;

    private readonly PeerLifecycleOptions _options;
    private readonly NodeId _self;
    private readonly NodeId _peer;
    private readonly Random _random;
    private readonly List<PeerConnection> _connections = [];
    private readonly Queue<PeerAction> _actions = new();

    private PeerConnection? _current;
    private int _lastId;
    private int _endpointCount;
    private int _nextEndpoint;
    private int _failures;
    private int _refusals;
    private int _epoch;
    private int _replaceTries;
    private ulong _peerInstance;
    private ulong _ordinal;
    private string? _lastFailure;
    private string? _replaceReason;
    private long _lastTraffic;
    private long _lastWanted = long.MinValue / 2;
    private long _lastHeard;
    private long _upSince;
    private long _lastReplaced = long.MinValue / 2;
    private long _nextTry = long.MaxValue;
    private long _nextDial = long.MaxValue;
    private long _nextReplace = long.MaxValue;
    private long _nextKeepAlive = long.MaxValue;

    /// <summary>A peer nothing was tried with yet.</summary>
    /// <param name="options">How it is connected to.</param>
    /// <param name="self">This node.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="endpointCount">How many endpoints it can be dialled at; 0 when only it can dial.</param>
    /// <param name="random">For the jitter of waits.</param>
    /// <param name="now">The time.</param>
    public PeerLifecycle(PeerLifecycleOptions options, NodeId self, NodeId peer, int endpointCount, Random random, long now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(endpointCount);
        if (self == peer)
        {
            throw new ArgumentException("a node is no peer of itself", nameof(peer));
        }

        _options = options;
        _self = self;
        _peer = peer;
        _random = random;
        _endpointCount = endpointCount;
        Reason = string.Empty;
        Rest(now);
    }

    /// <summary>The state.</summary>
    public PeerState State { get; private set; }

    /// <summary>Why the state is what it is, as a sentence without a full stop.</summary>
    public string Reason { get; private set; }

    /// <summary>Since when the state is what it is.</summary>
    public long Since { get; private set; }

    /// <summary>When the next try is in <see cref="PeerState.Backoff"/> and <see cref="PeerState.Refused"/>, else the largest value.</summary>
    public long NextTry => _nextTry;

    /// <summary>The connection packets are sent on, or 0.</summary>
    public int CurrentConnection => _current?.Id ?? 0;

    /// <summary>How many tries failed since the last connection that lasted.</summary>
    public int Failures => _failures;

    /// <summary>How many connections took over from another that worked.</summary>
    public long Replacements { get; private set; }

    /// <summary>When <see cref="Tick"/> is to be called next.</summary>
    public long Deadline
    {
        get
        {
            long deadline = Math.Min(Math.Min(_nextTry, _nextDial), _nextReplace);
            foreach (PeerConnection connection in _connections)
            {
                deadline = Math.Min(deadline, connection.Deadline);
            }

            if (_current is null)
            {
                return deadline;
            }

            deadline = Math.Min(deadline, Math.Min(_nextKeepAlive, _lastHeard + _options.SilenceLimit));
            return _options.IdleClose > 0 ? Math.Min(deadline, _lastTraffic + _options.IdleClose) : deadline;
        }
    }

    /// <summary>Takes the next thing to be done. Ask after every call until there is none.</summary>
    public bool TryTakeAction(out PeerAction action) => _actions.TryDequeue(out action);

    /// <summary>The peer's endpoints changed; a wait for the next try ends.</summary>
    public void SetEndpoints(int endpointCount, long now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(endpointCount);
        _endpointCount = endpointCount;
        if (State is PeerState.Idle or PeerState.Backoff)
        {
            _failures = 0;
            Rest(now);
        }
    }

    /// <summary>The administrator switched the peer on.</summary>
    public void Enable(long now)
    {
        if (State is PeerState.Disabled or PeerState.Refused)
        {
            _failures = 0;
            _refusals = 0;
            _lastFailure = null;
            Rest(now);
        }
    }

    /// <summary>The administrator switched the peer off, or the overlay stops: everything is closed.</summary>
    public void Disable(string reason, long now)
    {
        CloseAll(ControlErrorCode.Disabled, reason);
        Enter(PeerState.Disabled, reason, now);
    }

    /// <summary>This node does not want the peer any more, such as after a revocation: everything is closed, and tried again like after a refusal by the peer.</summary>
    /// <param name="code">Why.</param>
    /// <param name="reason">Why, as a sentence; the peer reads it too.</param>
    /// <param name="now">The time.</param>
    public void Refuse(ControlErrorCode code, string reason, long now)
    {
        CloseAll(code, reason);
        EnterRefused($"we refuse it: {reason}", now);
    }

    /// <summary>There is a packet for the peer and no connection.</summary>
    public void TrafficWanted(long now)
    {
        _lastWanted = now;
        if (State == PeerState.Idle && _endpointCount > 0)
        {
            StartRound(now);
        }
    }

    /// <summary>An inner packet was sent to the peer.</summary>
    public void TrafficSent(long now) => _lastTraffic = now;

    /// <summary>An inner packet came from the peer.</summary>
    public void TrafficReceived(long now)
    {
        _lastTraffic = now;
        Heard(now);
    }

    /// <summary>Anything authentic came from the peer.</summary>
    public void Heard(long now)
    {
        _lastHeard = now;
        _nextKeepAlive = now + _options.KeepAlive;
    }

    /// <summary>A connection the peer made is confirmed by its handshake, and its hello is awaited.</summary>
    /// <returns>The connection's number, or -1 when it must be closed because the peer is switched off or makes too many.</returns>
    public int Accept(long now)
    {
        if (State == PeerState.Disabled || _connections.Count(connection => !connection.IsOutgoing && connection.Stage == PeerConnectionStage.Greeting) >= MaxGreeting)
        {
            return -1;
        }

        var connection = new PeerConnection(++_lastId, isOutgoing: false, now + _options.HelloTimeout) { Stage = PeerConnectionStage.Greeting };
        _connections.Add(connection);
        if (_current is null)
        {
            Enter(PeerState.Authenticating, "the peer connected; its hello is awaited", now);
        }

        return connection.Id;
    }

    /// <summary>The handshake of a connection this node made is confirmed. The first of a round goes on, the others are closed.</summary>
    public void HandshakeConfirmed(int connectionId, long now)
    {
        if (Find(connectionId) is not { Stage: PeerConnectionStage.Dialing } connection)
        {
            return;
        }

        if (_connections.Exists(other => other.IsOutgoing && other.Stage == PeerConnectionStage.Greeting))
        {
            Close(connection, ControlErrorCode.Replaced, "another endpoint answered first");
            return;
        }

        _nextDial = long.MaxValue;
        connection.Stage = PeerConnectionStage.Greeting;
        connection.Deadline = now + _options.HelloTimeout;
        CloseDialing("another endpoint answered first");
        _actions.Enqueue(new PeerAction(PeerActionKind.SendHello, connection.Id, Ordinal: connection.Ordinal));
        if (_current is null)
        {
            Enter(PeerState.Authenticating, "the handshake is confirmed; the peer's hello is awaited", now);
        }
    }

    /// <summary>The peer's hello came and nothing is wrong with it. On a connection the peer made, our hello is to be sent now.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="instance">The run of the peer, from its hello.</param>
    /// <param name="ordinal">The ordinal of its hello; counts only on a connection the peer made.</param>
    /// <param name="now">The time.</param>
    public void HelloAccepted(int connectionId, ulong instance, ulong ordinal, long now)
    {
        if (Find(connectionId) is not { Stage: PeerConnectionStage.Greeting } connection)
        {
            return;
        }

        if (!connection.IsOutgoing)
        {
            connection.Ordinal = ordinal;
            _ordinal = Math.Max(_ordinal, ordinal);
            _actions.Enqueue(new PeerAction(PeerActionKind.SendHello, connection.Id, Ordinal: ordinal));
        }

        // A peer that started anew knows nothing of what stood before.
        if (instance != _peerInstance)
        {
            _epoch++;
            _peerInstance = instance;
        }

        connection.Epoch = _epoch;
        connection.Stage = PeerConnectionStage.Established;
        connection.Deadline = long.MaxValue;
        CloseDialing("the peer's connection is up already");
        Arbitrate(connection, now);
    }

    /// <summary>A connection ended, or its hello was refused by either side.</summary>
    /// <param name="connectionId">The connection; it is forgotten.</param>
    /// <param name="code">Why, as the side that ended it said.</param>
    /// <param name="reason">Why, as a sentence.</param>
    /// <param name="now">The time.</param>
    public void ConnectionClosed(int connectionId, ControlErrorCode code, string reason, long now)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (Find(connectionId) is not { } connection)
        {
            return;
        }

        _connections.Remove(connection);
        Ended(connection, code, reason, now);
    }

    /// <summary>The path to the peer is another one: make a fresh connection over it before the present one goes, because that one's congestion window, round trip and
    /// path MTU are of the old path.</summary>
    /// <param name="reason">What became of the path, as a sentence.</param>
    /// <param name="now">The time.</param>
    /// <param name="isSeenHereOnly">Whether the other end cannot know: then it is not left to it first.</param>
    public void PathMoved(string reason, long now, bool isSeenHereOnly = false)
    {
        if (_current is null || _nextReplace != long.MaxValue || IsReplacing)
        {
            return;
        }

        _replaceReason = reason;
        _replaceTries = 0;
        long earliest = isSeenHereOnly || _self < _peer ? now : now + _options.ReplaceDelay;
        _nextReplace = Math.Max(earliest, _lastReplaced + _options.ReplaceInterval);
        Tick(now);
    }

    /// <summary>Does what is due.</summary>
    public void Tick(long now)
    {
        for (int index = _connections.Count - 1; index >= 0; index--)
        {
            if (index < _connections.Count && _connections[index].Deadline <= now)
            {
                Expire(_connections[index], now);
            }
        }

        if (_nextDial <= now)
        {
            DialNext(now);
        }

        if (_nextTry <= now)
        {
            StartRound(now);
        }

        if (_nextReplace <= now)
        {
            StartReplacement(now);
        }

        if (_current is { } current)
        {
            LookAfter(current, now);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_peer.ToShortString()} {State}: {Reason}");
}
