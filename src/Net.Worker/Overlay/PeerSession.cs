using System.Globalization;
using System.Net;
using Net.Overlay.Control;
using Net.Overlay.Fragments;
using Net.Overlay.Identity;
using Net.Overlay.Probes;
using Net.Overlay.Queues;
using Net.Overlay.Sessions;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <summary>What this node has to do with one peer: it does what the peer's lifecycle asks for, with real connections, and tells it what came of it.
/// The shard's thread owns it.</summary>
internal sealed partial class PeerSession
{
    private readonly Shard _shard;
    private readonly PeerLifecycle _lifecycle;
    private readonly Dictionary<int, PeerConnection> _connections = [];
    private readonly List<ModelPrefix> _advertised = [];
    private SocketEndpoint[] _endpoints = [];
    private PeerConnection? _current;
    private PathProber? _prober;
    private WindowLimit _windowLimit;
    private bool _hasHandshakes;
    private long _lastTraffic;
    private long _lastHeardTold;
    private ulong _keepAlives;
    private int _connectionCount;
    private DateTimeOffset? _connectedAt;
    private string _reported = string.Empty;

    /// <summary>Begins with a peer: dials it at once if that is wanted.</summary>
    public PeerSession(Shard shard, ModelPeer peer, long now)
    {
        _shard = shard;
        Peer = peer;
        Id = NodeId.FromPublicKey(peer.PublicKey);
        _queue = new FlowQueue(shard.Pool, new FlowQueueOptions());
        _fragments = new FragmentWriter((uint)KernelRandom.GetUInt64());
        StartOverlay settings = shard.Settings;
        var options = new PeerLifecycleOptions
        {
            IsPersistent = settings.IdleClose is null,
            IdleClose = (settings.IdleClose ?? TimeSpan.Zero).Ticks * TimeSpan.NanosecondsPerTick,
            KeepAlive = settings.KeepAlive.Ticks * TimeSpan.NanosecondsPerTick,
            SilenceLimit = (settings.KeepAlive.Ticks * TimeSpan.NanosecondsPerTick * 3) + 5_000_000_000,
        };
        ReadEndpoints();
        _lifecycle = new PeerLifecycle(options, shard.LocalId, Id, peer.Enabled ? _endpoints.Length : 0, Random.Shared, now);
        if (!peer.Enabled)
        {
            _lifecycle.Disable("switched off in the configuration", now);
        }

        Act(now);
        _lifecycle.Tick(now);
        Act(now);
    }

    /// <summary>The peer as the model has it.</summary>
    public ModelPeer Peer { get; private set; }

    /// <summary>Its index in the model.</summary>
    public int Index => Peer.Index;

    /// <summary>Its node id.</summary>
    public NodeId Id { get; }

    /// <summary>The connection packets are sent on, or null.</summary>
    public PeerConnection? Current => _current;

    /// <summary>The model says something else of the peer.</summary>
    public void Replace(ModelPeer peer, long now)
    {
        ModelPeer before = Peer;
        Peer = peer;
        bool isOther = !before.Endpoints.AsSpan().SequenceEqual(peer.Endpoints) || before.Dials != peer.Dials;
        if (isOther)
        {
            ReadEndpoints();
        }

        if (before.Enabled && !peer.Enabled)
        {
            _lifecycle.Disable("switched off in the configuration", now);
        }
        else if (!before.Enabled && peer.Enabled)
        {
            _lifecycle.SetEndpoints(_endpoints.Length, now);
            _lifecycle.Enable(now);
        }
        else if (isOther && peer.Enabled)
        {
            _lifecycle.SetEndpoints(_endpoints.Length, now);
            AddCandidates(now);
        }

        Act(now);
    }

    /// <summary>The shard has a new model: what is told to peers may be another.</summary>
    public void ModelReplaced()
    {
        if (_current is { IsEstablished: true } connection)
        {
            SendRoutes(connection, isFirst: false);
            SendRevocations(connection);
        }
    }

    /// <summary>Ends all connections for a reason both sides are told; the lifecycle goes on as the model says.</summary>
    public void Disconnect(ControlErrorCode code, string reason, long now)
    {
        foreach ((int id, PeerConnection connection) in _connections.ToArray())
        {
            _connections.Remove(id);
            _lifecycle.ConnectionClosed(id, code, reason, now);
            _shard.CloseWith(connection, code, reason);
        }

        _current = null;
        Act(now);
    }

    /// <summary>The engine does not want the peer: it is refused until something changes.</summary>
    public void Refuse(ControlErrorCode code, string reason, long now)
    {
        _lifecycle.Refuse(code, reason, now);
        Act(now);
    }

    /// <summary>The peer called and proved its key.</summary>
    /// <returns>Whether it may go on to say hello.</returns>
    public bool Accept(PeerConnection connection, long now)
    {
        int id = _lifecycle.Accept(now);
        if (id < 0)
        {
            return false;
        }

        connection.Session = this;
        connection.LifecycleId = id;
        _connections[id] = connection;
        Act(now);
        return true;
    }

    /// <summary>The handshake of a connection made here is complete.</summary>
    public void Confirmed(PeerConnection connection, long now)
    {
        _lifecycle.HandshakeConfirmed(connection.LifecycleId, now);
        Act(now);
    }

    /// <summary>The peer's hello came, and nothing speaks against it.</summary>
    public void Greeted(PeerConnection connection, Hello hello, long now)
    {
        connection.PeerRevocations = hello.RevocationSequence;
        connection.IsEstablished = true;
        _hasHandshakes = true;
        _lifecycle.HelloAccepted(connection.LifecycleId, hello.Instance, hello.Ordinal, now);
        Act(now);
    }

    /// <summary>A connection is over.</summary>
    public void ConnectionEnded(PeerConnection connection, ControlErrorCode code, string reason, long now)
    {
        if (_connections.Remove(connection.LifecycleId))
        {
            if (ReferenceEquals(_current, connection))
            {
                _current = null;
            }

            _lifecycle.ConnectionClosed(connection.LifecycleId, code, reason, now);
            Act(now);
        }
    }

    /// <summary>A fresh connection is wanted, by the peer or here.</summary>
    /// <param name="reason">Why, as a sentence.</param>
    /// <param name="now">The time.</param>
    /// <param name="isSeenHereOnly">Whether the other end cannot know.</param>
    public void RenewWanted(string reason, long now, bool isSeenHereOnly = false)
    {
        _lifecycle.PathMoved(reason, now, isSeenHereOnly);
        Act(now);
    }

    /// <summary>There is a packet for the peer and no session.</summary>
    private void Want(long now)
    {
        _lifecycle.TrafficWanted(now);
        Act(now);
    }

    /// <summary>Something authentic came over a connection.</summary>
    public void Heard(PeerConnection connection, in SocketEndpoint from, int bytes, long now)
    {
        // Signs of life come with every packet; the lifecycle needs to know of them now and then.
        if (now - _lastHeardTold > 100_000_000)
        {
            _lastHeardTold = now;
            _lifecycle.Heard(now);
            if (_lastTraffic > now - 200_000_000)
            {
                _lifecycle.TrafficReceived(now);
            }
        }

        if (_prober is null || !ReferenceEquals(connection, _current))
        {
            return;
        }

        PathEndpoint endpoint = from.Equals(connection.Endpoint) ? _prober.Selected : ToPath(in from);
        if (_prober.DatagramReceived(in endpoint, bytes, now))
        {
            SendProbes(connection, now);
        }
    }

    /// <summary>A sealed probe came.</summary>
    public void ReceiveProbe(PeerConnection connection, ReadOnlySpan<byte> datagram, in SocketEndpoint from, long now)
    {
        if (_prober is null || !ReferenceEquals(connection, _current))
        {
            return;
        }

        PathEndpoint endpoint = ToPath(in from);
        if (_prober.ProbeReceived(datagram, in endpoint, now) == ProbeOpenResult.Ok)
        {
            _lifecycle.Heard(now);
            SendProbes(connection, now);
            FollowPath(now);
        }
    }

    /// <summary>Does what is due. Called about ten times a second.</summary>
    public void Tick(long now)
    {
        if (_lifecycle.Deadline <= now)
        {
            if (_lastTraffic > now - 1_000_000_000)
            {
                _lifecycle.TrafficSent(_lastTraffic);
            }

            _lifecycle.Tick(now);
            Act(now);
        }

        if (_prober is not null && _current is { IsEstablished: true } connection)
        {
            SendProbes(connection, now);
            FollowPath(now);
        }

        if (_current is { IsEstablished: true } used && used.LosesLarge(now))
        {
            RenewWanted("full-size packets get lost on the way: its path has become narrower", now);
        }

        RenewWhereTheWindowLimits(now);
        if (_hasHandshakes)
        {
            ReleaseHandshakes(now);
        }

        JudgeCongestionControl(now);
        if (Peer.Expires is { } expires && _current is not null && _shard.Wall > expires)
        {
            Refuse(ControlErrorCode.CertificateExpired, string.Create(CultureInfo.InvariantCulture, $"its membership ended at {expires:yyyy-MM-dd HH:mm} UTC"), now);
        }

        TickTest(now);
    }

    private void Act(long now)
    {
        while (_lifecycle.TryTakeAction(out PeerAction action))
        {
            switch (action.Kind)
            {
                case PeerActionKind.Dial:
                    Dial(action, now);
                    break;
                case PeerActionKind.SendHello when _connections.TryGetValue(action.Connection, out PeerConnection? greeting):
                    SendHello(greeting, action.Ordinal);
                    break;
                case PeerActionKind.Use when _connections.TryGetValue(action.Connection, out PeerConnection? used):
                    Use(used, now);
                    break;
                case PeerActionKind.SendKeepAlive when _connections.TryGetValue(action.Connection, out PeerConnection? alive):
                    alive.Streams.SendControl(new KeepAlive(++_keepAlives, IsReply: false));
                    break;
                case PeerActionKind.Close when _connections.Remove(action.Connection, out PeerConnection? closed):
                    if (ReferenceEquals(_current, closed))
                    {
                        _current = null;
                    }

                    _shard.CloseWith(closed, action.Code, action.Reason ?? string.Empty);
                    break;
                default:
                    break;
            }
        }

        if (_lifecycle.State != PeerState.Up)
        {
            _connectedAt = null;
            _shard.CountDrops(DropReason.PeerDown, _queue.Clear());
        }

        string state = $"{_lifecycle.State} {_lifecycle.Reason}";
        if (state != _reported)
        {
            _shard.ReportSoon();
        }
    }

    private void Dial(in PeerAction action, long now)
    {
        SocketEndpoint endpoint = action.EndpointIndex >= 0 && action.EndpointIndex < _endpoints.Length ? _endpoints[action.EndpointIndex]
            : _current is { } current ? current.Endpoint : default;
        if (endpoint.IsEmpty)
        {
            _lifecycle.ConnectionClosed(action.Connection, ControlErrorCode.Unspecified, "no endpoint of the peer is known", now);
            return;
        }

        PeerConnection? connection = _shard.Connect(this, in endpoint, out string? problem);
        if (connection is null)
        {
            _lifecycle.ConnectionClosed(action.Connection, ControlErrorCode.Unspecified, problem!, now);
            return;
        }

        connection.LifecycleId = action.Connection;
        _connections[action.Connection] = connection;
    }

    private void SendHello(PeerConnection connection, ulong ordinal)
    {
        if (!connection.Quic.IsServer)
        {
            connection.Streams.OpenControl();
        }

        connection.Streams.SendControl(_shard.Greeting(ordinal, isJoining: Peer.Join is not null));
        if (Peer.Join is { } join && !connection.Quic.IsServer)
        {
            connection.Streams.SendFrame(join);
        }
    }

    private void Use(PeerConnection connection, long now)
    {
        if (_current is null)
        {
            _connectedAt = _shard.Wall;
        }

        _connectionCount++;
        _current = connection;
        _room = long.MaxValue;
        _flightLimit = default;
        _largestDatagram = connection.Quic.MaxDatagramBytes;
        SendRoutes(connection, isFirst: true);
        SendRevocations(connection);
        if ((connection.Capabilities & OverlayCapabilities.Probes) != 0)
        {
            BeginProbing(connection, now);
        }

        _shard.MarkDirty(connection);
    }

    private void BeginProbing(PeerConnection connection, long now)
    {
        var codec = new ProbeCodec(ProbeCipher.Instance, connection.ExportProbeSecret(), isClient: !connection.Quic.IsServer);
        if (_prober is null)
        {
            _prober = new PathProber(new PathProberOptions(), codec, connection.Quic.PeerConnectionId);
        }
        else
        {
            _prober.SetConnection(codec, connection.Quic.PeerConnectionId);
        }

        SocketEndpoint endpoint = connection.Endpoint;
        _prober.SetHandshakeEndpoint(ToPath(in endpoint), now);
        AddCandidates(now);
        while (_prober.TryTakeChange(out _))
        {
            // The handshake chose; there is nothing to follow.
        }
    }

    private void AddCandidates(long now)
    {
        foreach (SocketEndpoint endpoint in _endpoints)
        {
            _prober?.AddCandidate(ToPath(in endpoint), now);
        }
    }

    private void SendProbes(PeerConnection connection, long now)
    {
        if (_prober!.Deadline > now)
        {
            return;
        }

        Span<byte> probe = stackalloc byte[ProbeCodec.PacketBytes];
        while (_prober.WriteProbe(probe, now, out PathEndpoint to) > 0)
        {
            SocketEndpoint endpoint = to == _prober.Selected ? connection.Endpoint : SocketEndpoint.From(to.ToIPEndPoint());
            probe.CopyTo(_shard.Batch.Next(in endpoint));
            _shard.Batch.Commit(ProbeCodec.PacketBytes);
        }
    }

    // Another endpoint was chosen: packets go there at once, and a fresh connection is made over it, because window, round trip and path MTU of this one are of the old path.
    private void FollowPath(long now)
    {
        while (_prober!.TryTakeChange(out PathChange change))
        {
            var endpoint = SocketEndpoint.From(change.To.ToIPEndPoint());
            foreach (PeerConnection connection in _connections.Values)
            {
                connection.Endpoint = endpoint;
                _shard.MarkDirty(connection);
            }

            _shard.Log(2, $"{Peer.Name} is reached at {change.To} from now on: {change.Reason}", Index);
            _current?.Streams.SendControl(new PathChanged(change.To.ToIPEndPoint()));
            _shard.ReportSoon();

            // A NAT that only gave another port leaves the path itself as it was (RFC 9000 section 9.4).
            if (!change.From.IsNone && !change.From.ToIPEndPoint().Address.Equals(change.To.ToIPEndPoint().Address))
            {
                _lifecycle.PathMoved(change.Reason, now);
                Act(now);
            }
        }
    }

    // Half of an idle session's memory is what only its handshake needed.
    private void ReleaseHandshakes(long now)
    {
        _hasHandshakes = false;
        foreach (PeerConnection connection in _connections.Values)
        {
            if (connection.IsEstablished && now - connection.CreatedAt > 1_000_000_000)
            {
                if (connection.ReleaseHandshake())
                {
                    _shard.CountReleased();
                }
            }
            else
            {
                _hasHandshakes = true;
            }
        }
    }

    // Once the round trip is known, congestion control for it may be another; a fresh connection has it. What is not certain yet is remembered as well: should a fresh
    // connection be made for another reason, such as that the peer is certain, it has the right one.
    private void JudgeCongestionControl(long now)
    {
        if (_current is not { IsEstablished: true, IsJudged: false } connection || connection.ReceivedBatches == connection.BatchesAtJudgement)
        {
            return;
        }

        connection.BatchesAtJudgement = connection.ReceivedBatches;
        connection.Quic.GetInfo(out QuicConnectionInfo info);
        if (info.MinRtt is <= 0 or long.MaxValue)
        {
            return;
        }

        bool isOther = _shard.Paths.Learn(connection.Endpoint.ToIPEndPoint().Address, info.MinRtt, connection.IsForShortPath);
        if (!KnownRoundTrips.IsCertain(info.MinRtt, connection.ReceivedBatches, connection.IsForShortPath))
        {
            return;
        }

        if (!isOther || _shard.Settings.CongestionControl != "automatic")
        {
            connection.IsJudged = true;
            return;
        }

        // Said until another connection takes over: the lifecycle does not hear it while one is being made, and that one may fail.
        string reason = string.Create(CultureInfo.InvariantCulture, $"a round trip of {info.MinRtt / 1e6:0.0} ms asks for {(connection.IsForShortPath ? "BBR" : "Cubic")}");
        if (!connection.IsUnfit)
        {
            connection.IsUnfit = true;
            _shard.Log(2, $"{Peer.Name}: {reason}", Index);
        }

        RenewWanted(reason, now);
    }

    // Only this end knows, so it does not wait for the other to make the fresh connection.
    private void RenewWhereTheWindowLimits(long now)
    {
        if (_queue.IsEmpty || _current is not { IsEstablished: true } connection || _shard.CongestionControlOf(connection.IsForShortPath) != QuicCongestionControl.Bbr)
        {
            _windowLimit.Emptied();
            return;
        }

        connection.Quic.GetInfo(out QuicConnectionInfo info);
        if (_windowLimit.IsFound(in info, now - connection.CreatedAt, now))
        {
            string reason = string.Create(CultureInfo.InvariantCulture, $"packets wait for a window of {info.CongestionWindow / 1000} kB while the path, at its shortest round trip of {info.MinRtt / 1e6:0.0} ms, has room");
            _shard.Log(2, $"{Peer.Name}: {reason}", Index);
            RenewWanted(reason, now, isSeenHereOnly: true);
        }
    }

    private void ReadEndpoints() => _endpoints = Peer.Dials
        ? [.. Peer.Endpoints.Select(text => IPEndPoint.TryParse(text, out IPEndPoint? endpoint) ? SocketEndpoint.From(endpoint) : default).Where(endpoint => !endpoint.IsEmpty)]
        : [];

    private static PathEndpoint ToPath(in SocketEndpoint endpoint) => PathEndpoint.From(endpoint.ToIPEndPoint());
}
