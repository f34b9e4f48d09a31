using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>Our settings in the words of both libraries.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class QuicSettings
{
    /// <summary>Most sizes that path MTU discovery tries.</summary>
    public const int MaxProbes = 16;

    private const long Millisecond = 1_000_000;

    /// <summary>Largest payload of a UDP datagram that QUIC may use (RFC 9000 18.2).</summary>
    private const int LargestUdpPayload = 65527;

    /// <summary>
    /// UDP payloads of usual links, in the order of a search by halves: ngtcp2 leaves out what a success or failure before has already answered. A failure costs three probes and
    /// their timeouts. 8972 and 4052 are IPv4 with 9000 and 4080; 1472, 1452, 1444 are 1500 over IPv4, IPv6 and PPPoE; 1412 to 1372 are behind tunnels; 1252 and 1232 are the least IPv6.
    /// </summary>
    private static ReadOnlySpan<ushort> ProbeOrder => [8972, 4052, 1472, 1372, 1432, 1452, 1444, 1412, 1392, 1302, 1342, 1252, 1232];

    /// <summary>Refuses what ngtcp2 would abort the process for, or misunderstand.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside of its range.</exception>
    public static void Validate(QuicOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxUdpPayloadBytes, NGTCP2_MAX_UDP_PAYLOAD_SIZE, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxUdpPayloadBytes, LargestUdpPayload, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.IdleTimeout, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.HandshakeTimeout, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.AckThreshold, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxAckDelay, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.MaxAckDelay, (1 << 14) * Millisecond, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.InitialRtt, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.StreamWindowBytes, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ConnectionWindowBytes, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxBidirectionalStreams, nameof(options));
        if (options.Alpn.Length is < 1 or > 255 || !Ascii.IsValid(options.Alpn))
        {
            throw new ArgumentException("The application protocol must be 1 to 255 ASCII characters.", nameof(options));
        }
    }

    /// <summary>Fills the structures for a new connection, which copies them.</summary>
    /// <param name="options">Valid settings.</param>
    /// <param name="now">The time.</param>
    /// <param name="probes">Room for <see cref="MaxProbes"/> sizes, which must live as long as the settings.</param>
    /// <param name="settings">Takes the local settings.</param>
    /// <param name="parameters">Takes what the peer is told.</param>
    public static void Fill(QuicOptions options, ulong now, ushort* probes, ngtcp2_settings* settings, ngtcp2_transport_params* parameters)
    {
        ngtcp2_settings_default_versioned(NGTCP2_SETTINGS_V2, settings);
        settings->cc_algo = options.CongestionControl == QuicCongestionControl.Bbr ? NGTCP2_CC_ALGO_BBR : NGTCP2_CC_ALGO_CUBIC;
        settings->initial_ts = now;
        if (options.InitialRtt > 0)
        {
            settings->initial_rtt = (ulong)options.InitialRtt;
        }

        settings->max_tx_udp_payload_size = (nuint)options.MaxUdpPayloadBytes;
        settings->ack_thresh = (nuint)options.AckThreshold;
        settings->handshake_timeout = (ulong)options.HandshakeTimeout;

        // Windows do not grow by themselves: what a peer may make us hold is what the settings say.
        settings->max_window = (ulong)options.ConnectionWindowBytes;
        settings->max_stream_window = (ulong)options.StreamWindowBytes;
        bool probe = options.DiscoverMtu && options.MaxUdpPayloadBytes > NGTCP2_MAX_UDP_PAYLOAD_SIZE;
        settings->no_pmtud = probe ? (byte)0 : (byte)1;
        settings->no_tx_udp_payload_size_shaping = options.DiscoverMtu ? (byte)0 : (byte)1;
        if (probe)
        {
            settings->pmtud_probes = probes;
            settings->pmtud_probeslen = (nuint)ListProbes(options.MaxUdpPayloadBytes, new Span<ushort>(probes, MaxProbes));
        }

        ngtcp2_transport_params_default_versioned(NGTCP2_TRANSPORT_PARAMS_V1, parameters);
        parameters->max_datagram_frame_size = options.AllowDatagrams ? (ulong)LargestUdpPayload : 0;
        parameters->max_idle_timeout = (ulong)options.IdleTimeout;
        parameters->max_ack_delay = (ulong)(options.MaxAckDelay / Millisecond * Millisecond);
        parameters->initial_max_streams_bidi = (ulong)options.MaxBidirectionalStreams;
        parameters->initial_max_stream_data_bidi_local = (ulong)options.StreamWindowBytes;
        parameters->initial_max_stream_data_bidi_remote = (ulong)options.StreamWindowBytes;
        parameters->initial_max_data = (ulong)options.ConnectionWindowBytes;

        // There is one path and it never migrates, so the least number of spare ids will do.
        parameters->disable_active_migration = 1;
    }

    /// <summary>Makes the TLS session of a connection.</summary>
    /// <param name="credentials">Our key.</param>
    /// <param name="alpn">The application protocol.</param>
    /// <param name="block">The connection's block, which outlives the session.</param>
    /// <param name="isServer">Our role.</param>
    /// <returns>The session, which the caller frees.</returns>
    public static nint MakeSession(QuicCredentials credentials, string alpn, QuicConnectionBlock* block, bool isServer)
    {
        // No tickets: every handshake proves both keys anew, so that a revoked one cannot resume.
        const int flags = GnutlsApi.GNUTLS_ENABLE_RAWPK | GnutlsApi.GNUTLS_NO_TICKETS | GnutlsApi.GNUTLS_NO_AUTO_SEND_TICKET;
        nint session = 0;
        Check(GnutlsApi.gnutls_init(&session, (uint)(flags | (isServer ? GnutlsApi.GNUTLS_SERVER : GnutlsApi.GNUTLS_CLIENT))), "begin a session");
        try
        {
            Check(GnutlsApi.gnutls_priority_set(session, QuicLibraries.PriorityCache), "set priorities");
            Check(
                isServer ? Ngtcp2CryptoApi.ngtcp2_crypto_gnutls_configure_server_session(session) : Ngtcp2CryptoApi.ngtcp2_crypto_gnutls_configure_client_session(session),
                "prepare for QUIC");
            if (block->IsAccelerated)
            {
                GnutlsApi.gnutls_handshake_set_secret_function(session, AeadCallbacks.Secrets);
            }

            Check(GnutlsApi.gnutls_credentials_set(session, GnutlsApi.GNUTLS_CRD_CERTIFICATE, credentials.Handle.DangerousGetHandle()), "set credentials");
            if (isServer)
            {
                GnutlsApi.gnutls_certificate_server_set_request(session, GnutlsApi.GNUTLS_CERT_REQUIRE);
            }

            byte* name = stackalloc byte[255];
            int length = Encoding.ASCII.GetBytes(alpn, new Span<byte>(name, 255));
            var protocol = new GnutlsApi.gnutls_datum_t { data = name, size = (uint)length };
            Check(GnutlsApi.gnutls_alpn_set_protocols(session, &protocol, 1, GnutlsApi.GNUTLS_ALPN_MANDATORY), "set the application protocol");
            GnutlsApi.gnutls_session_set_verify_function(session, QuicCallbacks.Verify);
            block->Reference.get_conn = QuicCallbacks.GetConnection;
            block->Reference.user_data = block;
            GnutlsApi.gnutls_session_set_ptr(session, &block->Reference);
            return session;
        }
        catch
        {
            GnutlsApi.gnutls_deinit(session);
            throw;
        }
    }

    /// <summary>The sizes to try, each above 1200 and none above the limit, the limit first.</summary>
    internal static int ListProbes(int limit, Span<ushort> probes)
    {
        int count = 0;
        probes[count++] = (ushort)limit;
        foreach (ushort size in ProbeOrder)
        {
            if (size < limit)
            {
                probes[count++] = size;
            }
        }

        return count;
    }

    private static void Check(int result, string attempted)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"TLS could not {attempted}: {Marshal.PtrToStringUTF8((nint)GnutlsApi.gnutls_strerror(result))}");
        }
    }
}
