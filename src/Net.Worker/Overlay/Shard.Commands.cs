using System.Net;
using Net.Overlay.Control;
using Net.Overlay.Fragments;
using Net.Overlay.Names;
using Net.Overlay.Queues;
using Net.Platform.Linux;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <content>What the engine says, and what it is told.</content>
internal sealed partial class Shard
{
    private const long ReportInterval = Second;
    private const long HealthInterval = Second / 4;

    private readonly FragmentReassembler _reassembler = new(assemblies: 64, maxPacketBytes: 9_216, perPeer: 16);
    private readonly PacketPool _pool = new(PoolSlots, PoolSlotBytes);
    private readonly Dictionary<long, PeerConnection> _asking = [];
    private byte[] _ownIPv4 = [0, 0, 0, 0];
    private byte[] _ownIPv6 = new byte[16];
    private NameTable _names = NameTable.Build("overlay", [], [], 0);
    private long _nextReport;
    private long _nextHealth;
    private long _nextQuestion;
    private bool _hasReportDue;
    private string _health = string.Empty;
    private DateTimeOffset _judgedAt;

    // One pool of packet slots for the queues of all peers, 8 MB, of which pages that are never reached take no memory: a path of 200 Mb/s and 80 ms holds 2 MB.
    private const int PoolSlots = 5_120;
    private const int PoolSlotBytes = 1_640;

    /// <summary>The monotonic clock as this round of the loop began, in nanoseconds.</summary>
    public long Now => _now;

    /// <summary>The slots packets wait in.</summary>
    public PacketPool Pool => _pool;

    /// <summary>What the worker was started with.</summary>
    public StartOverlay Settings => _start;

    /// <summary>The model in force.</summary>
    public CompiledModel Model => _model;

    /// <summary>A report is due before its time, because a state changed.</summary>
    public void ReportSoon() => _hasReportDue = true;

    /// <summary>Counts a connection that gave memory back: its handshake's, or all.</summary>
    public void CountReleased() => _group.Trimmer.CountReleased(_now);

    /// <summary>Tells the engine's log something.</summary>
    /// <param name="level">0 trace to 5 critical.</param>
    /// <param name="text">The line, without keys.</param>
    /// <param name="peer">The peer it is about, or null.</param>
    public void Log(int level, string text, int? peer = null) => _group.Tell(new WorkerLog(level, text, peer));

    /// <summary>Tells the engine something.</summary>
    public void Tell(WorkerMessage message) => _group.Tell(message);

    private void TakeCommands()
    {
        while (_mailbox.TryTake(out WorkerMessage? command))
        {
            switch (command)
            {
                case ReplaceModel replace:
                    Replace(replace.Model);
                    break;
                case PeerAuthorized answer:
                    Authorized(answer);
                    break;
                case AnswerJoin answer:
                    AnswerJoin(answer);
                    break;
                case TestPeer test:
                    if (Session(test.PeerIndex) is { } tested)
                    {
                        tested.BeginTest(test, _now);
                    }
                    else
                    {
                        Tell(new PeerTested(test.RequestId, 0, [], null, null, "the overlay has no such peer any more"));
                    }

                    break;
                case DisconnectPeer disconnect:
                    Session(disconnect.PeerIndex)?.Disconnect(ControlErrorCode.None, disconnect.Reason, _now);
                    break;
                case OpenApplicationStream open:
                    OpenStream(open);
                    break;
                case WriteApplicationStream write:
                    WriteStream(write);
                    break;
                case ConsumeApplicationStream consume:
                    if (FindStream(consume.StreamId, out PeerConnection? reading, out long readId))
                    {
                        reading!.Streams.Consumed(readId, consume.Bytes);
                    }

                    break;
                case CloseApplicationStream close:
                    if (FindStream(close.StreamId, out PeerConnection? closing, out long closeId))
                    {
                        closing!.Streams.Reset(closeId);
                        _streams.Remove(close.StreamId);
                    }

                    break;
                case UpdateKeys:
                    ForEachConnection(connection =>
                    {
                        if (connection.IsConfirmed && connection.Quic.TryUpdateKeys(_now))
                        {
                            MarkDirty(connection);
                        }
                    });
                    break;
                case StopOverlay:
                    Stop();
                    break;
                default:
                    break;
            }
        }

        _nextExpiry = _now;
        WriteDirty();
    }

    private PeerSession? Session(int index) => _sessions.GetValueOrDefault(index);

    // Sessions go on across models: what a peer is called, owns or may do can change under it.
    private void Replace(OverlayModel next)
    {
        CompiledModel before = _model;
        _model = CompiledModel.Compile(next, IsUp, Wall);
        _owners = PeerOwners.Of(next, _group.Count);

        // Counts of a rule must not pass to another that took its place.
        if (ReferenceEquals(before.Source, next) || !CompiledModel.HasSameRules(before.Source, next))
        {
            _audit.SetRules(next.Rules.Length);
        }

        _audit.ReportsConnections = next.ReportsConnections;
        var wanted = new HashSet<int>();
        foreach (ModelPeer peer in next.Peers)
        {
            if (_owners.ShardOf(peer.Index) != Number)
            {
                continue;
            }

            wanted.Add(peer.Index);
            if (_sessions.TryGetValue(peer.Index, out PeerSession? session))
            {
                session.Replace(peer, _now);
            }
            else
            {
                _sessions[peer.Index] = new PeerSession(this, peer, _now);
            }
        }

        foreach (int gone in _sessions.Keys.Except(wanted).ToArray())
        {
            string reason = next.Departed.FirstOrDefault(one => one.Index == gone)?.Reason ?? "the peer was removed";
            _sessions[gone].Disconnect(ControlErrorCode.NotTrusted, reason, _now);
            _sessions.Remove(gone);
            _reassembler.Forget(gone);
            _group.Health.Set(gone, isUp: false);
        }

        foreach (string text in next.Addresses)
        {
            byte[] address = IPAddress.Parse(text).GetAddressBytes();
            if (address.Length == 4)
            {
                _ownIPv4 = address;
            }
            else
            {
                _ownIPv6 = address;
            }
        }

        _names = NameTable.Build(
            _start.Overlay, next.Names.Select(name => new NameEntry(name.Name, [], [.. name.Addresses.Select(CompiledModel.ToHostPrefix)])), _model.OwnPrefixes, (uint)next.Version);
        _health = Health();
        foreach (PeerSession session in _sessions.Values)
        {
            session.ModelReplaced();
        }

        ReportSoon();
    }

    // Once a tenth of a second: whatever is no packet's business.
    private void RunSlowly()
    {
        foreach (PeerSession session in _sessions.Values)
        {
            session.Tick(_now);
            if (_group.Count > 1)
            {
                _group.Health.Set(session.Index, session.IsUp);
            }
        }

        if (_now >= _nextHealth)
        {
            _nextHealth = _now + HealthInterval;
            JudgeGateways();
            _reassembler.Sweep(_now);
            DropSlowHandshakes();
        }

        if (_hasReportDue || _now >= _nextReport)
        {
            Report();
        }

        TrimMemory();
    }

    // A burst of handshakes leaves as much garbage as sessions; it is given back once nothing would have to wait for that (some ten milliseconds).
    private void TrimMemory()
    {
        // It stops all threads, so that one of them asks for all.
        if (Number == 0 && _group.Trimmer.IsDue(_now, _group.SentDatagrams))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            NativeHeap.Trim();
        }
    }

    private void JudgeGateways()
    {
        string health = Health();
        if (health != _health)
        {
            _health = health;
            _model = _model.WithHealth(IsUp);
        }

        // A clock that was set back makes what was found for later moments wrong as well.
        DateTimeOffset wall = Wall;
        if (_model.Policy.NextChange is { } change && (wall >= change || wall < _judgedAt))
        {
            _model = _model.At(wall);
        }

        _judgedAt = wall;
    }

    // Which of the gateways are up, as a text that is compared with the last one.
    private string Health() => string.Join(',', _model.Source.Routes
        .Where(route => route.PeerIndex >= 0 && route.Owner is "gateway" or "defaultGateway").Select(route => route.PeerIndex).Distinct().Where(IsUp));

    // A handshake that is complete but whose hello never comes must not hold its memory.
    private void DropSlowHandshakes()
    {
        ForEachConnection(connection =>
        {
            long limit = connection.IsWaitingForEngine ? JoinTimeout : HelloTimeout;
            if (!connection.IsEstablished && connection.ClosesAt == 0 && _now - connection.CreatedAt > limit)
            {
                CloseWith(connection, ControlErrorCode.Unspecified, "no hello came");
            }
        });
    }

    private void Report()
    {
        _hasReportDue = false;
        _nextReport = _now + ReportInterval;
        DateTimeOffset wall = Wall;
        var peers = new List<PeerReport>();
        foreach (PeerSession session in _sessions.Values)
        {
            if (session.TakeReport(_now, wall) is { } report)
            {
                peers.Add(report);
            }
        }

        _drops[(int)DropReason.Device] = _device.WriteDrops;
        _group.Report(Number, new OverlayReport
        {
            ModelVersion = _model.Source.Version,
            Peers = [.. peers],
            Drops = [.. _drops],
            RuleMatches = _audit.Matches.ToArray(),
            Flows = _gate.Flows,
            Handshakes = _handshakes,
            FailedHandshakes = _failedHandshakes,
            Retries = _retries,
            ResidentBytes = Environment.WorkingSet,
            Shards = [DescribeShard()],
        });
        ReportAudit();
    }

    private void ReportAudit()
    {
        while (_audit.Take(_now, Wall) is { } report)
        {
            _group.Tell(report);
        }
    }

    private void Stop()
    {
        _isStopping = true;
        foreach (PeerSession session in _sessions.Values)
        {
            session.Disconnect(ControlErrorCode.Stopping, "the overlay stops", _now);
        }

        ForEachConnection(connection =>
        {
            if (connection.ClosesAt == 0)
            {
                WriteClose(connection, (ulong)ControlErrorCode.Stopping, "the overlay stops");
                connection.ClosesAt = _now;
            }
        });
        _sessions.Clear();
    }

    private void ForEachConnection(Action<PeerConnection> action)
    {
        for (int index = 0; index < Connections.End; index++)
        {
            if (Connections.At(index) is { } connection)
            {
                action(connection);
            }
        }
    }
}
