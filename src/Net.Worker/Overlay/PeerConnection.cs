using System.Security.Cryptography;
using Net.Overlay.Control;
using Net.Overlay.Probes;
using Net.Platform.Linux;

namespace Net.Worker.Overlay;

/// <summary>One QUIC connection and what is known of whom it leads to. The shard's thread owns it.</summary>
internal sealed class PeerConnection : QuicConnectionEvents, IDisposable
{
    private readonly Shard _shard;
    private readonly byte[] _peerKey = new byte[32];
    private bool _hasPeerKey;
    private byte[]? _probeSecret;
    private bool _isReleased;
    private BlackHole _blackHole;

    /// <summary>Creates a connection without its QUIC half; <see cref="Quic"/> is set right after, because creating that already asks for ids.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="endpoint">The real address of the other side.</param>
    /// <param name="expectedKey">The public key the other side must prove, where this node dials; null where it was called.</param>
    public PeerConnection(Shard shard, in SocketEndpoint endpoint, byte[]? expectedKey)
    {
        _shard = shard;
        Endpoint = endpoint;
        ExpectedKey = expectedKey;
        Index = shard.Connections.Add(this);
        Streams = new ConnectionStreams(this, shard);
    }

    /// <summary>The place in the table of connections.</summary>
    public int Index { get; }

    /// <summary>The connection.</summary>
    public QuicConnection Quic { get; set; } = null!;

    /// <summary>The real address datagrams go to: ngtcp2 sees one address for ever, the path is chosen below it.</summary>
    public SocketEndpoint Endpoint { get; set; }

    /// <summary>The public key the other side must prove; null when any may try.</summary>
    public byte[]? ExpectedKey { get; }

    /// <summary>The peer, once it is known who it is.</summary>
    public PeerSession? Session { get; set; }

    /// <summary>What the peer's lifecycle calls it by.</summary>
    public int LifecycleId { get; set; }

    /// <summary>Whether it was made for a path of a short round trip.</summary>
    public bool IsForShortPath { get; init; }

    /// <summary>Batches of datagrams that came over it since it is established.</summary>
    public int ReceivedBatches { get; set; }

    /// <summary>How many of them there were when its round trip was last compared with what it was made for.</summary>
    public int BatchesAtJudgement { get; set; }

    /// <summary>Whether it is the right one, which more of them would not change.</summary>
    public bool IsJudged { get; set; }

    /// <summary>Whether it was found to be made for the other kind of path.</summary>
    public bool IsUnfit { get; set; }

    /// <summary>Whether the peer's hello came.</summary>
    public bool HasHello { get; set; }

    /// <summary>The hello of a node the engine is asked about.</summary>
    public Hello? Greeting { get; set; }

    /// <summary>Whether the engine is asked about it.</summary>
    public bool IsWaitingForEngine { get; set; }

    /// <summary>The number of the question to the engine.</summary>
    public long EngineQuestion { get; set; }

    /// <summary>What both sides can do beyond the control stream.</summary>
    public OverlayCapabilities Capabilities { get; set; }

    /// <summary>The number of the revocation list the peer has.</summary>
    public ulong PeerRevocations { get; set; }

    /// <summary>The end that is due as soon as the library can be called; null usually.</summary>
    public (ControlErrorCode Code, string Reason, bool IsTold)? PendingEnd { get; set; }

    /// <summary>Streams of this connection.</summary>
    public ConnectionStreams Streams { get; }

    /// <summary>Whether packets of the peer are taken: both sides said hello and neither refused.</summary>
    public bool IsEstablished { get; set; }

    /// <summary>Whether the handshake is complete on both sides.</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>Whether a handshake or messages wait to be looked at: inside the library's calls that is not allowed.</summary>
    public bool HasNews { get; set; }

    /// <summary>Whether the complete handshake was looked at.</summary>
    public bool IsConfirmationSeen { get; set; }

    /// <summary>Messages of the control stream that wait.</summary>
    public Queue<ControlMessage> Inbox { get; } = new();

    /// <summary>Whether it is in the shard's list of connections with something to write.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Whether packets were sent over it in this round.</summary>
    public bool IsTouched { get; set; }

    /// <summary>When QUIC's timers want to be looked at, in nanoseconds of the monotonic clock.</summary>
    public long Expiry { get; set; } = long.MaxValue;

    /// <summary>When it was begun.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it is disposed of at last after its end was told to the peer; 0 while it lives.</summary>
    public long ClosesAt { get; set; }

    /// <summary>The key of the client's first connection id, under which retransmitted first packets find this connection; 0 when it has none.</summary>
    public ulong InitialId { get; set; }

    /// <summary>The proven public key; empty before.</summary>
    public ReadOnlySpan<byte> PeerKey => _hasPeerKey ? _peerKey : default;

    /// <summary>The reason the handshake was refused here; null when it was not.</summary>
    public string? Refusal { get; private set; }

    /// <inheritdoc />
    public override bool VerifyPeer(ReadOnlySpan<byte> publicKey)
    {
        publicKey.CopyTo(_peerKey);
        _hasPeerKey = true;
        Refusal = _shard.JudgeKey(this, publicKey);
        return Refusal is null;
    }

    /// <inheritdoc />
    public override void HandshakeConfirmed()
    {
        IsConfirmed = true;
        HasNews = true;
    }

    /// <inheritdoc />
    public override void DatagramReceived(ReadOnlySpan<byte> data) => _shard.OnCarried(this, data);

    /// <inheritdoc />
    public override void DatagramLost(int bytes) => _blackHole.Lost(bytes);

    /// <inheritdoc />
    public override void StreamOpened(long streamId) => Streams.OnOpened(streamId);

    /// <inheritdoc />
    public override void StreamReceived(long streamId, ReadOnlySpan<byte> data, bool isFinal) => Streams.OnReceived(streamId, data, isFinal);

    /// <inheritdoc />
    public override void StreamAcknowledged(long streamId, ulong offset, ulong length) => Streams.OnAcknowledged(streamId, (long)length);

    /// <inheritdoc />
    public override void StreamClosed(long streamId, ulong errorCode) => Streams.OnClosed(streamId, errorCode);

    /// <inheritdoc />
    public override void StreamWindowExtended(long streamId) => _shard.MarkDirty(this);

    /// <inheritdoc />
    public override ulong NewConnectionId() => _shard.Connections.NewId(Index);

    /// <summary>Counts a packet that was sent in a DATAGRAM frame.</summary>
    public void CountSent(int bytes) => _blackHole.Sent(bytes);

    /// <summary>Whether large packets get lost while others pass.</summary>
    public bool LosesLarge(long now) => _blackHole.IsFound(now);

    /// <summary>The secret path probes are sealed with, kept because the handshake it comes from is released.</summary>
    public byte[] ExportProbeSecret()
    {
        if (_probeSecret is null)
        {
            _probeSecret = new byte[ProbeCodec.ExportedBytes];
            Quic.ExportKey(ProbeCodec.ExporterLabel, _probeSecret);
        }

        return _probeSecret;
    }

    /// <summary>Frees what only the handshake needed, once.</summary>
    /// <returns>Whether there was something to free.</returns>
    public bool ReleaseHandshake()
    {
        if (_isReleased || !Quic.IsHandshakeConfirmed || ClosesAt != 0)
        {
            return false;
        }

        if ((Capabilities & OverlayCapabilities.Probes) != 0)
        {
            ExportProbeSecret();
        }

        Quic.ReleaseHandshake();
        _isReleased = true;
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _shard.Connections.Remove(Index);
        Quic?.Dispose();
        CryptographicOperations.ZeroMemory(_probeSecret);
    }
}
