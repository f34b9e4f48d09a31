using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>
/// One QUIC connection by ngtcp2, without any I/O: packets and the time are given to it, packets are taken from it. It sees one path for ever; which sockets the packets really
/// use is the caller's business, and a real change of path is answered with a new connection. Not thread-safe: one thread at a time. Times are nanoseconds of
/// CLOCK_MONOTONIC. Data is not allocated per packet. Native memory, about 40 KiB, is freed by <see cref="Dispose"/> only.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed unsafe partial class QuicConnection : IDisposable
{
    /// <summary>Bytes around a DATAGRAM frame in a short packet besides the peer's connection id: first byte, packet number of up to 4 bytes, AEAD tag (RFC 9000 17.3.1, RFC 9001 5.3).</summary>
    private const int ShortPacketOverhead = 1 + 4 + 16;

    /// <summary>Bytes of the id a client makes up for the server: 8 is the least that RFC 9000 7.2 allows, and all other ids here have 8 too.</summary>
    private const int FirstDestinationBytes = 8;

    private readonly QuicCredentials _credentials;
    private readonly Dictionary<long, QuicStream> _streams = [];
    private readonly int _maxUdpPayloadBytes;
    private QuicConnectionBlock* _block;
    private nint _connection;
    private ExceptionDispatchInfo? _thrown;
    private long _now;
    private long _peerDatagramFrameBytes;
    private int _peerIdBytes;
    private bool _isInside;
    private bool _isHandshakeCompleted;

    private QuicConnection(QuicCredentials credentials, QuicOptions options, QuicConnectionEvents events, bool isServer, long now)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfNegative(now);
        QuicSettings.Validate(options);
        QuicLibraries.Require();
        _credentials = credentials;
        _maxUdpPayloadBytes = options.MaxUdpPayloadBytes;
        Events = events;
        IsServer = isServer;
        _now = now;
        bool isReferenced = false;
        credentials.Handle.DangerousAddRef(ref isReferenced);
        _block = (QuicConnectionBlock*)NativeMemory.AllocZeroed((nuint)sizeof(QuicConnectionBlock));
        _block->Handle = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        _block->IsAccelerated = options.AllowAcceleration && AeadLibrary.IsAvailable;
        try
        {
            _block->Session = QuicSettings.MakeSession(credentials, options.Alpn, _block, isServer);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Whether the peer began it.</summary>
    public bool IsServer { get; }

    /// <summary>Whether both sides have proved who they are; the link is up from then on.</summary>
    public bool IsHandshakeConfirmed { get; private set; }

    /// <summary>Time at which <see cref="HandleExpiry"/> is due; <see cref="long.MaxValue"/> for never. It changes with every call that takes the time.</summary>
    public long Expiry
    {
        get
        {
            if (_connection == 0 || _ended is not null)
            {
                return long.MaxValue;
            }

            ulong expiry = ngtcp2_conn_get_expiry(_connection);
            return expiry > long.MaxValue ? long.MaxValue : (long)expiry;
        }
    }

    /// <summary>Largest datagram that surely fits into one packet of the path as it is known now, within what the peer takes; 0 before the handshake and when the peer takes none.</summary>
    public int MaxDatagramBytes
    {
        get
        {
            if (_peerDatagramFrameBytes == 0 || _connection == 0)
            {
                return 0;
            }

            long frame = Math.Min(PathMtuBytes - ShortPacketOverhead - _peerIdBytes, _peerDatagramFrameBytes);

            // A DATAGRAM frame is its type, the length as a variable-length integer, and the data (RFC 9221 4, RFC 9000 16).
            int header = frame <= 2 + 63 ? 2 : frame <= 3 + 16383 ? 3 : 5;
            return (int)Math.Max(0, frame - header);
        }
    }

    /// <summary>Largest UDP payload that the path is known to carry.</summary>
    public int PathMtuBytes => _connection == 0 ? 0 : (int)ngtcp2_conn_get_path_max_tx_udp_payload_size(_connection);

    /// <summary>Bytes that may go out in one burst; more should wait for the next round, so that queues on the path stay short.</summary>
    public int SendQuantumBytes => _connection == 0 ? 0 : (int)ngtcp2_conn_get_send_quantum(_connection);

    /// <summary>What the owner gave to be told things.</summary>
    internal QuicConnectionEvents Events { get; }

    /// <summary>Native bytes held for streams until they are acknowledged.</summary>
    internal int HeldStreamBytes => _streams.Values.Sum(stream => stream.Sent.HeldBytes);

    /// <summary>Begins a connection to a peer. Its first packet comes from <see cref="Write"/>.</summary>
    /// <param name="credentials">Our key; used until the connection is disposed.</param>
    /// <param name="options">Settings.</param>
    /// <param name="events">Is asked for our connection id at once.</param>
    /// <param name="token">A token the server gave earlier, or empty.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="NativeLibraryMissingException">A library is not on this host.</exception>
    public static QuicConnection Connect(QuicCredentials credentials, QuicOptions options, QuicConnectionEvents events, ReadOnlySpan<byte> token, long now)
    {
        var connection = new QuicConnection(credentials, options, events, isServer: false, now);
        try
        {
            Span<byte> first = stackalloc byte[FirstDestinationBytes + 1];
            KernelRandom.Fill(first);
            first[0] = options.FirstIdByte ?? first[0];
            ngtcp2_cid destinationId = QuicConnectionId.Make(options.FirstIdByte is null ? first[1..] : first);
            ngtcp2_cid sourceId = QuicConnectionId.Make(events.NewConnectionId());
            fixed (byte* tokenBytes = token)
            {
                connection.Create(options, &destinationId, &sourceId, tokenBytes, token.Length, original: null, retryId: null);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Takes a connection that a peer begins. The packet of the initial is not processed: give it to <see cref="Read"/> next.</summary>
    /// <param name="credentials">Our key; used until the connection is disposed.</param>
    /// <param name="options">Settings.</param>
    /// <param name="events">Is asked for our connection id at once. Until the client uses that one, its packets carry the destination id of the initial.</param>
    /// <param name="initial">The client's first packet.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="NativeLibraryMissingException">A library is not on this host.</exception>
    public static QuicConnection Accept(QuicCredentials credentials, QuicOptions options, QuicConnectionEvents events, in QuicInitial initial, long now)
    {
        if (initial.SourceId.Length + initial.DestinationId.Length == 0)
        {
            throw new ArgumentException("This is no packet that was read.", nameof(initial));
        }

        var connection = new QuicConnection(credentials, options, events, isServer: true, now);
        try
        {
            ngtcp2_cid destinationId = QuicConnectionId.Make(initial.SourceId);
            ngtcp2_cid sourceId = QuicConnectionId.Make(events.NewConnectionId());
            ngtcp2_cid retryId = QuicConnectionId.Make(initial.DestinationId);
            ngtcp2_cid original = initial.Original;
            fixed (byte* tokenBytes = initial.Token)
            {
                // An unverified token would count as the proof of an address.
                int tokenLength = initial.IsAddressValidated ? initial.Token.Length : 0;
                connection.Create(options, &destinationId, &sourceId, tokenBytes, tokenLength, &original, initial.IsAddressValidated ? &retryId : null);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads what is known of the path.</summary>
    /// <param name="info">Takes it.</param>
    public void GetInfo(out QuicConnectionInfo info)
    {
        RequireAlive();
        ngtcp2_conn_info raw;
        ngtcp2_conn_get_conn_info_versioned(_connection, NGTCP2_CONN_INFO_V1, &raw);

        // The least round trip is UINT64_MAX until there is one.
        long least = raw.min_rtt > long.MaxValue ? 0 : (long)raw.min_rtt;
        info = new QuicConnectionInfo((long)raw.smoothed_rtt, (long)raw.latest_rtt, least, (long)raw.rttvar, (long)Math.Min(raw.cwnd, long.MaxValue), (long)raw.bytes_in_flight);
    }

    /// <summary>Begins to use new keys (RFC 9001 6).</summary>
    /// <param name="now">The time.</param>
    /// <returns>False when it is too early: the handshake is not confirmed, or the last update not acknowledged, or less than three probe timeouts ago.</returns>
    public bool TryUpdateKeys(long now)
    {
        Enter(now, out ulong time);
        bool isBegun = _ended is null && ngtcp2_conn_initiate_key_update(_connection, time) == 0;
        Leave();
        return isBegun;
    }

    /// <summary>Turns pacing on for what was written since the last call: until its share of time has passed, writes give nothing and <see cref="Expiry"/> says when to go on.
    /// Call it once behind each batch, or never, and then keep bursts within <see cref="SendQuantumBytes"/>.</summary>
    /// <param name="now">The time at which the packets left.</param>
    public void UpdateSendTime(long now)
    {
        RequireAlive();
        _now = Math.Max(_now, now);
        ngtcp2_conn_update_pkt_tx_time(_connection, (ulong)_now);
    }

    /// <summary>Changes the time without traffic after which a PING is sent.</summary>
    /// <param name="interval">Nanoseconds; 0 is never.</param>
    public void SetKeepAlive(long interval)
    {
        RequireAlive();
        ngtcp2_conn_set_keep_alive_timeout(_connection, interval <= 0 ? ulong.MaxValue : (ulong)interval);
    }

    /// <summary>Derives a secret that both sides share and nobody else knows (RFC 8446 7.5): the same for the same label and length.</summary>
    /// <param name="label">What it is for, printable ASCII.</param>
    /// <param name="secret">Takes the secret; its length is the wanted one.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="InvalidOperationException">The handshake is not complete, or was released.</exception>
    public int ExportKey(ReadOnlySpan<byte> label, Span<byte> secret)
    {
        RequireAlive();
        if (!_isHandshakeCompleted || _block->Session == 0)
        {
            throw new InvalidOperationException("Secrets can be exported once the handshake is complete, until it is released.");
        }

        int result;
        fixed (byte* labelBytes = label)
        fixed (byte* secretBytes = secret)
        {
            result = GnutlsApi.gnutls_prf_rfc5705(_block->Session, (nuint)label.Length, labelBytes, 0, null, (nuint)secret.Length, secretBytes);
        }

        return result == 0 ? secret.Length : throw new InvalidOperationException($"GnuTLS could not export a secret: {Marshal.PtrToStringUTF8((nint)GnutlsApi.gnutls_strerror(result))}");
    }

    /// <summary>Frees what only the handshake needed, the TLS session: about half of a connection's memory. Secrets cannot be exported any more.
    /// What TLS sends after the handshake, such as tickets for resumption, which are not used here, is dropped from then on.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not confirmed, or called from an event.</exception>
    public void ReleaseHandshake()
    {
        RequireAlive();
        if (_isInside || !IsHandshakeConfirmed)
        {
            throw new InvalidOperationException("The handshake can be released once it is confirmed, and not from an event.");
        }

        if (_block->Session != 0)
        {
            ngtcp2_conn_set_tls_native_handle(_connection, 0);
            GnutlsApi.gnutls_deinit(_block->Session);
            _block->Session = 0;
        }
    }

    /// <summary>Frees everything. The peer is not told; write a close before.</summary>
    /// <exception cref="InvalidOperationException">Called from an event.</exception>
    public void Dispose()
    {
        if (_isInside)
        {
            throw new InvalidOperationException("A connection cannot be disposed from one of its own events.");
        }

        if (_block != null)
        {
            Release();
        }
    }

    private void Create(QuicOptions options, ngtcp2_cid* destinationId, ngtcp2_cid* sourceId, byte* token, int tokenLength, ngtcp2_cid* original, ngtcp2_cid* retryId)
    {
        ngtcp2_settings settings;
        ngtcp2_transport_params parameters;
        ushort* probes = stackalloc ushort[QuicSettings.MaxProbes];
        QuicSettings.Fill(options, (ulong)_now, probes, &settings, &parameters);
        settings.token = tokenLength == 0 ? null : token;
        settings.tokenlen = (nuint)tokenLength;
        int result;
        nint connection = 0;
        ngtcp2_callbacks* callbacks = _block->IsAccelerated ? QuicLibraries.AcceleratedCallbacks : QuicLibraries.Callbacks;
        _isInside = true;
        if (original != null)
        {
            parameters.original_dcid = *original;
            parameters.original_dcid_present = 1;
            parameters.stateless_reset_token_present = 1;
            _credentials.MakeResetToken(sourceId, parameters.stateless_reset_token);
            if (retryId != null)
            {
                parameters.retry_scid = *retryId;
                parameters.retry_scid_present = 1;
                settings.token_type = NGTCP2_TOKEN_TYPE_RETRY;
            }

            result = ngtcp2_conn_server_new_versioned(
                &connection, destinationId, sourceId, QuicLibraries.Path, NGTCP2_PROTO_VER_V1, NGTCP2_CALLBACKS_V1, callbacks,
                NGTCP2_SETTINGS_V2, &settings, NGTCP2_TRANSPORT_PARAMS_V1, &parameters, null, _block);
        }
        else
        {
            result = ngtcp2_conn_client_new_versioned(
                &connection, destinationId, sourceId, QuicLibraries.Path, NGTCP2_PROTO_VER_V1, NGTCP2_CALLBACKS_V1, callbacks,
                NGTCP2_SETTINGS_V2, &settings, NGTCP2_TRANSPORT_PARAMS_V1, &parameters, null, _block);
        }

        _connection = _block->Connection = connection;
        Leave();
        if (result != 0)
        {
            _connection = 0;
            throw new InvalidOperationException($"A QUIC connection could not be made: {ErrorName(result)}");
        }

        ngtcp2_conn_set_tls_native_handle(connection, _block->Session);
        SetKeepAlive(options.KeepAlive);
    }

    private void Enter(long now, out ulong time)
    {
        RequireAlive();
        if (_isInside)
        {
            throw new InvalidOperationException("This member cannot be called from one of the connection's own events.");
        }

        // ngtcp2 aborts the process when time goes backwards.
        _now = Math.Max(_now, now);
        time = (ulong)_now;
        _isInside = true;
    }

    private void Leave()
    {
        _isInside = false;
        if (_thrown is not null)
        {
            ExceptionDispatchInfo thrown = _thrown;
            _thrown = null;
            thrown.Throw();
        }
    }

    private void RequireAlive() => ObjectDisposedException.ThrowIf(_connection == 0, this);

    private void Release()
    {
        // Events that ngtcp2 may still give while it lets go must find everything.
        _isInside = true;
        if (_connection != 0)
        {
            ngtcp2_conn_del(_connection);
            _connection = 0;
        }

        if (_block->Session != 0)
        {
            GnutlsApi.gnutls_deinit(_block->Session);
        }

        foreach (QuicStream stream in _streams.Values)
        {
            stream.Sent.Dispose();
        }

        _streams.Clear();
        GCHandle.FromIntPtr(_block->Handle).Free();
        NativeMemory.Free(_block);
        _block = null;
        _credentials.Handle.DangerousRelease();
        _isInside = false;
    }
}
