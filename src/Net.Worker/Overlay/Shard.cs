using Net.Overlay.Flows;
using Net.Overlay.Queues;
using Net.Packets;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <summary>The packet loop of an overlay: one thread, one TUN queue, one UDP socket, and the sessions of the peers that are its own. Everything in it is touched by that thread only.
/// <list type="number">
/// <item>what the engine says</item><item>timers that are due</item><item>datagrams from peers, whose packets go to the device</item><item>what other shards handed over</item>
/// <item>acknowledgements and other control, one write for all that came</item><item>packets from the device, which go to peers</item><item>sleep</item>
/// </list></summary>
internal sealed partial class Shard : IDisposable
{
    // Flows an overlay remembers: 65,536 entries of about 150 bytes.
    private const int FlowCapacity = 1 << 15;

    private const long Second = 1_000_000_000;
    private const long SweepInterval = Second / 10;
    private const int SweepBudget = 1_024;
    private const long ShortestWait = Second / 4_000;

    private readonly ShardGroup _group;
    private readonly ShardMailbox _mailbox;
    private readonly StartOverlay _start;
    private readonly TunDevice _device;
    private readonly DatagramSocket _socket;
    private readonly BusyPoll _busyPoll;
    private readonly QuicCredentials _credentials;
    private readonly QuicTokens _tokens;
    private readonly FlowGate _gate;
    private readonly AuditBuffer _audit = new();
    private readonly PacketCoalescer _coalescer;
    private readonly ThinFlows _thinFlows = new();
    private readonly NativeBuffer _received = new(1 << 16);
    private readonly NativeBuffer _read = new((1 << 16) + 256);
    private readonly byte[] _scratch = new byte[1 << 16];
    private readonly Poller _poller = new(3);
    private readonly List<PeerConnection> _dirty = [];
    private readonly List<PeerConnection> _touched = [];
    private readonly List<PeerConnection> _ended = [];
    private readonly Dictionary<int, PeerSession> _sessions = [];
    private readonly Dictionary<ulong, PeerConnection> _initials = [];
    private readonly long[] _drops = new long[Enum.GetValues<DropReason>().Length];
    private CompiledModel _model;
    private long _nextExpiry;
    private long _nextSweep;
    private long _now;
    private long _lastPacket;
    private bool _isStopping;
    private bool _isSocketReady = true;
    private bool _isDeviceReady = true;

    /// <summary>Takes the descriptors and the first model.</summary>
    public Shard(ShardGroup group, int number, TunDevice device, DatagramSocket socket)
    {
        _group = group;
        _mailbox = group.Mailbox(number);
        Number = number;
        Connections = new ConnectionTable((byte)number);
        StartOverlay start = _start = group.Settings;
        _placement = start.Placement.ElementAtOrDefault(number) ?? new ShardPlacement(null, null, "the scheduler places it");
        _device = device;
        _socket = socket;
        _busyPoll = new BusyPoll(ToNanoseconds(start.BusyPoll));
        _now = MonotonicClock.Now;
        _nextQuestion = ShardGroup.FirstQuestion(number);
        _credentials = group.Credentials;
        _tokens = group.Tokens;
        _gate = new FlowGate(FlowCapacity, KernelRandom.GetUInt64(), _audit);
        _coalescer = new PacketCoalescer(device, device.HasTso, device.HasUso);
        Batch = new TransmitBatch(socket);
        _model = CompiledModel.Compile(start.Model, IsUp, Wall);
        Replace(start.Model);
    }

    /// <summary>The shard's number, from 0.</summary>
    public int Number { get; }

    /// <summary>Connections by their ids.</summary>
    public ConnectionTable Connections { get; }

    /// <summary>Datagrams on their way out.</summary>
    public TransmitBatch Batch { get; }

    /// <summary>The time of day.</summary>
    public DateTimeOffset Wall => _group.Clock.GetUtcNow();

    /// <summary>Moves packets until the engine ends it.</summary>
    /// <exception cref="TunnelDeviceException">The device is gone.</exception>
    public void Run()
    {
        _poller.Set(0, _socket.Handle, wantRead: true);
        _poller.Set(1, _device.Handle, wantRead: true);
        _poller.Set(2, _mailbox.WakeupHandle, wantRead: true);
        while ((!_isStopping || Connections.Count > 0) && !_group.HasFailed)
        {
            _now = MonotonicClock.Now;
            if (_mailbox.HasCommands())
            {
                TakeCommands();
            }

            if (_now >= _nextExpiry)
            {
                RunTimers();
            }

            // Commands and timers change what verdicts hang on; nothing else in a round does.
            _gate.EndRun();

            // What brought little was most likely emptied by that: the kernel is asked again by poll, not by calls that find nothing.
            bool isReceiveLikely = _isSocketReady && ReceiveDatagrams();
            bool isHandoverLikely = _group.Count > 1 && TakeHandovers();
            bool isReadLikely = _isDeviceReady && ReadTunnel();
            WriteDirty();
            Batch.Flush();
            if (Batch.TryTakeTooLong(out SocketEndpoint narrow))
            {
                RenewOver(in narrow);
            }

            WakeOthers();
            if (_ended.Count > 0)
            {
                DisposeEnded();
            }

            _isSocketReady = isReceiveLikely;
            _isDeviceReady = isReadLikely;
            if (!isReceiveLikely || !isReadLikely)
            {
                Poll(isBusy: isReceiveLikely || isReadLikely || isHandoverLikely);
            }
        }

        _gate.Clear();
        ReportAudit();
    }

    /// <summary>Puts a connection on the list of those with something to write.</summary>
    public void MarkDirty(PeerConnection connection)
    {
        if (!connection.IsDirty)
        {
            connection.IsDirty = true;
            _dirty.Add(connection);
        }
    }

    /// <summary>Puts a connection on the list of those that packets were sent over.</summary>
    public void MarkTouched(PeerConnection connection)
    {
        if (!connection.IsTouched)
        {
            connection.IsTouched = true;
            _touched.Add(connection);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        for (int index = 0; index < Connections.End; index++)
        {
            Connections.At(index)?.Dispose();
        }

        Batch.Dispose();
        _received.Dispose();
        _read.Dispose();
    }

    private bool IsUp(int peer) => _sessions.TryGetValue(peer, out PeerSession? session) ? session.IsUp : _group.Health.IsUp(peer);

    private void Drop(DropReason reason, int packets = 1) => _drops[(int)reason] += packets;

    // Path MTU discovery only finds larger sizes; a path that became narrower gets a fresh connection, which begins with the least size.
    private void RenewOver(in SocketEndpoint endpoint)
    {
        foreach (PeerSession session in _sessions.Values)
        {
            if (session.Current is { } current && current.Endpoint.Equals(endpoint))
            {
                session.RenewWanted("the device takes no datagrams of this size any more", _now);
            }
        }
    }

    // Asks which descriptors have something; sleeps until one has or a timer is due, unless there is more to do anyway.
    private void Poll(bool isBusy)
    {
        long now = MonotonicClock.Now;
        long due = Math.Min(_nextExpiry, _nextSweep);
        if (isBusy)
        {
            _poller.Wait(0);
        }
        else if (FallAsleep())
        {
            if (!PollBusily(ref now, due))
            {
                _poller.Wait(Math.Max(0, due - now));
            }

            _mailbox.StayAwake();
        }
        else
        {
            _poller.Wait(0);
        }

        if (_poller.IsReadable(2))
        {
            _mailbox.Clear();
        }

        _isSocketReady |= _poller.IsReadable(0);
        _isDeviceReady |= _poller.IsReadable(1);
    }

    // Whether something came while it was worthwhile to look for it.
    private bool PollBusily(ref long now, long due)
    {
        while (now < due && _busyPoll.IsWorthwhile(now, _lastPacket))
        {
            long before = now;
            _ = Thread.Yield();
            bool isReady = _poller.Wait(0) > 0;
            now = MonotonicClock.Now;
            _busyPoll.Offered(before, now);
            if (isReady)
            {
                return true;
            }
        }

        return false;
    }

    // Timers of all connections are looked at together: with a thousand of them that is a microsecond, far cheaper than keeping a heap in order with every packet.
    private void RunTimers()
    {
        if (_now >= _nextSweep)
        {
            _nextSweep = _now + SweepInterval;
            _gate.Sweep(_now, SweepBudget);
            RunSlowly();
        }

        long next = _nextSweep;
        for (int index = 0; index < Connections.End; index++)
        {
            PeerConnection? connection = Connections.At(index);
            if (connection is null)
            {
                continue;
            }

            if (connection.ClosesAt != 0)
            {
                if (_now >= connection.ClosesAt)
                {
                    _ended.Add(connection);
                    continue;
                }

                next = Math.Min(next, connection.ClosesAt);
                continue;
            }

            if (_now >= connection.Expiry)
            {
                Expire(connection);
            }

            next = Math.Min(next, connection.Expiry);
        }

        _nextExpiry = next;
        WriteDirty();
    }

    private void Expire(PeerConnection connection)
    {
        QuicResult result = connection.Quic.HandleExpiry(_now);
        if (result is QuicResult.Ok or QuicResult.Blocked)
        {
            MarkDirty(connection);
            connection.Expiry = NextExpiry(connection);
            return;
        }

        End(connection, result, "the peer fell silent");
    }

    // Everything that a batch of datagrams made necessary: acknowledgements, handshake, control, then packets that waited for the window.
    private void WriteDirty()
    {
        for (int place = 0; place < _dirty.Count; place++)
        {
            PeerConnection connection = _dirty[place];
            connection.IsDirty = false;
            if (connection.ClosesAt == 0)
            {
                Write(connection);
            }
        }

        _dirty.Clear();
    }

    // Packets that waited for the window go before new ones are read.
    private void WriteQueued()
    {
        int count = _dirty.Count;
        for (int place = 0; place < count; place++)
        {
            if (_dirty[place] is { ClosesAt: 0, Session.HasQueued: true } connection)
            {
                Write(connection);
            }
        }
    }

    // An acknowledgement may wait for one round of the loop to travel with a packet, but is due after an eighth of the round trip in the library's eyes: on a LAN
    // sooner than a core wakes up. Nothing else the library waits for is this short (its timers of loss have a granularity of 1 ms, RFC 9002 section 6.1.2).
    private long NextExpiry(PeerConnection connection) => Math.Max(connection.Quic.Expiry, _now + ShortestWait);

    private void Write(PeerConnection connection)
    {
        if (EndPending(connection))
        {
            return;
        }

        if (!connection.Streams.Pump(_now))
        {
            End(connection, QuicResult.Failed, "its streams failed");
            return;
        }

        while (true)
        {
            QuicResult result = connection.Quic.Write(Batch.Next(connection.Endpoint), _now, out int written);
            if (written > 0)
            {
                Commit(connection, written);
                continue;
            }

            if (result is not (QuicResult.Ok or QuicResult.Blocked))
            {
                End(connection, result, "it failed");
                return;
            }

            break;
        }

        connection.Session?.SendQueued(connection, _now);
        connection.Expiry = NextExpiry(connection);
        _nextExpiry = Math.Min(_nextExpiry, connection.Expiry);
    }

    // A probe for a larger path MTU travels alone: the kernel refuses a whole batch for one datagram that does not fit the device.
    private void Commit(PeerConnection connection, int written)
    {
        if (written > connection.Quic.PathMtuBytes)
        {
            Batch.CommitAlone(written);
        }
        else
        {
            Batch.Commit(written);
        }
    }
}
