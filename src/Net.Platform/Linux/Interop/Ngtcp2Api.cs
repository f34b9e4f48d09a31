using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>
/// The QUIC library ngtcp2, 1.11 and later: functions of ngtcp2/ngtcp2.h, loaded at the first call. Names without <c>_versioned</c> there are macros that
/// only add the version of the structures. Call <see cref="QuicLibraries.Require"/> before anything here.
/// </summary>
/// <remarks>Functions marked with SuppressGCTransition read or set a field and call nothing back.</remarks>
internal static unsafe partial class Ngtcp2Api
{
    internal const string Ngtcp2Library = "libngtcp2.so.16";

    [LibraryImport(Ngtcp2Library)]
    internal static partial ngtcp2_info* ngtcp2_version(int leastVersion);

    [LibraryImport(Ngtcp2Library)]
    internal static partial byte* ngtcp2_strerror(int error);

    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_settings_default_versioned(int version, ngtcp2_settings* settings);

    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_transport_params_default_versioned(int version, ngtcp2_transport_params* parameters);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_conn_client_new_versioned(
        nint* connection, ngtcp2_cid* dcid, ngtcp2_cid* scid, ngtcp2_path* path, uint quicVersion, int callbacksVersion, ngtcp2_callbacks* callbacks,
        int settingsVersion, ngtcp2_settings* settings, int parametersVersion, ngtcp2_transport_params* parameters, void* memory, void* user);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_conn_server_new_versioned(
        nint* connection, ngtcp2_cid* dcid, ngtcp2_cid* scid, ngtcp2_path* path, uint quicVersion, int callbacksVersion, ngtcp2_callbacks* callbacks,
        int settingsVersion, ngtcp2_settings* settings, int parametersVersion, ngtcp2_transport_params* parameters, void* memory, void* user);

    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_conn_del(nint connection);

    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_conn_set_tls_native_handle(nint connection, nint session);

    [LibraryImport(Ngtcp2Library)]
    internal static partial ngtcp2_crypto_ctx* ngtcp2_conn_get_crypto_ctx(nint connection);

    [LibraryImport(Ngtcp2Library)]
    internal static partial uint ngtcp2_conn_get_negotiated_version(nint connection);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_conn_install_rx_key(nint connection, byte* secret, nuint secretLength, nint* aeadContext, byte* iv, nuint ivLength, nint* maskContext);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_conn_install_tx_key(nint connection, byte* secret, nuint secretLength, nint* aeadContext, byte* iv, nuint ivLength, nint* maskContext);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_conn_read_pkt_versioned(nint connection, ngtcp2_path* path, int infoVersion, void* info, byte* packet, nuint length, ulong now);

    [LibraryImport(Ngtcp2Library)]
    internal static partial nint ngtcp2_conn_write_pkt_versioned(
        nint connection, ngtcp2_path* path, int infoVersion, void* info, byte* destination, nuint length, ulong now);

    [LibraryImport(Ngtcp2Library)]
    internal static partial nint ngtcp2_conn_writev_datagram_versioned(
        nint connection, ngtcp2_path* path, int infoVersion, void* info, byte* destination, nuint length, int* accepted, uint flags, ulong id,
        ngtcp2_vec* data, nuint count, ulong now);

    [LibraryImport(Ngtcp2Library)]
    internal static partial nint ngtcp2_conn_writev_stream_versioned(
        nint connection, ngtcp2_path* path, int infoVersion, void* info, byte* destination, nuint length, nint* consumed, uint flags, long stream,
        ngtcp2_vec* data, nuint count, ulong now);

    [LibraryImport(Ngtcp2Library)]
    internal static partial nint ngtcp2_conn_write_connection_close_versioned(
        nint connection, ngtcp2_path* path, int infoVersion, void* info, byte* destination, nuint length, ngtcp2_ccerr* error, ulong now);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_conn_handle_expiry(nint connection, ulong now);

    [SuppressGCTransition]
    [LibraryImport(Ngtcp2Library)]
    internal static partial ulong ngtcp2_conn_get_expiry(nint connection);

    [SuppressGCTransition]
    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_conn_set_keep_alive_timeout(nint connection, ulong timeout);

    [SuppressGCTransition]
    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_conn_update_pkt_tx_time(nint connection, ulong now);

    [SuppressGCTransition]
    [LibraryImport(Ngtcp2Library)]
    internal static partial nuint ngtcp2_conn_get_send_quantum(nint connection);

    [SuppressGCTransition]
    [LibraryImport(Ngtcp2Library)]
    internal static partial nuint ngtcp2_conn_get_path_max_tx_udp_payload_size(nint connection);

    [LibraryImport(Ngtcp2Library)]
    internal static partial ngtcp2_cid* ngtcp2_conn_get_dcid(nint connection);

    [LibraryImport(Ngtcp2Library)]
    internal static partial ngtcp2_transport_params* ngtcp2_conn_get_remote_transport_params(nint connection);

    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_conn_get_conn_info_versioned(nint connection, int version, ngtcp2_conn_info* info);

    [LibraryImport(Ngtcp2Library)]
    internal static partial ngtcp2_ccerr* ngtcp2_conn_get_ccerr(nint connection);

    [LibraryImport(Ngtcp2Library)]
    internal static partial byte ngtcp2_conn_get_tls_alert(nint connection);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_conn_initiate_key_update(nint connection, ulong now);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_conn_open_bidi_stream(nint connection, long* stream, void* user);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_conn_shutdown_stream(nint connection, uint flags, long stream, ulong error);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_conn_extend_max_stream_offset(nint connection, long stream, ulong length);

    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_conn_extend_max_offset(nint connection, ulong length);

    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_conn_extend_max_streams_bidi(nint connection, nuint count);

    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_ccerr_set_liberr(ngtcp2_ccerr* error, int number, byte* reason, nuint length);

    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_ccerr_set_tls_alert(ngtcp2_ccerr* error, byte alert, byte* reason, nuint length);

    [LibraryImport(Ngtcp2Library)]
    internal static partial void ngtcp2_ccerr_set_application_error(ngtcp2_ccerr* error, ulong number, byte* reason, nuint length);

    [LibraryImport(Ngtcp2Library)]
    internal static partial int ngtcp2_accept(ngtcp2_pkt_hd* header, byte* packet, nuint length);

    [LibraryImport(Ngtcp2Library)]
    internal static partial nint ngtcp2_pkt_write_version_negotiation(
        byte* destination, nuint length, byte random, byte* dcid, nuint dcidLength, byte* scid, nuint scidLength, uint* versions, nuint versionCount);

    [LibraryImport(Ngtcp2Library)]
    internal static partial nint ngtcp2_pkt_write_stateless_reset(byte* destination, nuint length, byte* token, byte* random, nuint randomLength);
}
