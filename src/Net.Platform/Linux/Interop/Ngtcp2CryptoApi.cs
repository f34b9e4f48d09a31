using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>
/// ngtcp2's TLS glue for GnuTLS: ngtcp2/ngtcp2_crypto.h and ngtcp2_crypto_gnutls.h. The callbacks it exports (<c>ngtcp2_crypto_*_cb</c>) are handed to ngtcp2
/// by address, so that they never enter managed code.
/// </summary>
internal static unsafe partial class Ngtcp2CryptoApi
{
    internal const string CryptoLibrary = "libngtcp2_crypto_gnutls.so.8";

    // sizeof(union ngtcp2_sockaddr_union) 28, cid length 1, cid 20, time 8, AEAD tag 16, magic 1, random 16.
    internal const int NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN2 = 90;

    [LibraryImport(CryptoLibrary)]
    internal static partial int ngtcp2_crypto_gnutls_configure_client_session(nint session);

    [LibraryImport(CryptoLibrary)]
    internal static partial int ngtcp2_crypto_gnutls_configure_server_session(nint session);

    [LibraryImport(CryptoLibrary)]
    internal static partial int ngtcp2_crypto_generate_stateless_reset_token(byte* token, byte* secret, nuint secretLength, Ngtcp2Api.ngtcp2_cid* cid);

    [LibraryImport(CryptoLibrary)]
    internal static partial nint ngtcp2_crypto_generate_retry_token2(
        byte* token, byte* secret, nuint secretLength, uint version, byte* address, uint addressLength, Ngtcp2Api.ngtcp2_cid* retryScid, Ngtcp2Api.ngtcp2_cid* odcid, ulong now);

    [LibraryImport(CryptoLibrary)]
    internal static partial int ngtcp2_crypto_verify_retry_token2(
        Ngtcp2Api.ngtcp2_cid* odcid, byte* token, nuint tokenLength, byte* secret, nuint secretLength, uint version, byte* address, uint addressLength,
        Ngtcp2Api.ngtcp2_cid* dcid, ulong timeout, ulong now);

    [LibraryImport(CryptoLibrary)]
    internal static partial nint ngtcp2_crypto_write_retry(
        byte* destination, nuint length, uint version, Ngtcp2Api.ngtcp2_cid* dcid, Ngtcp2Api.ngtcp2_cid* scid, Ngtcp2Api.ngtcp2_cid* odcid, byte* token, nuint tokenLength);

    [LibraryImport(CryptoLibrary)]
    internal static partial int ngtcp2_crypto_gnutls_from_gnutls_record_encryption_level(int level);

    [LibraryImport(CryptoLibrary)]
    internal static partial int ngtcp2_crypto_derive_and_install_rx_key(nint connection, byte* key, byte* iv, byte* maskKey, int level, byte* secret, nuint secretLength);

    [LibraryImport(CryptoLibrary)]
    internal static partial int ngtcp2_crypto_derive_and_install_tx_key(nint connection, byte* key, byte* iv, byte* maskKey, int level, byte* secret, nuint secretLength);

    [LibraryImport(CryptoLibrary)]
    internal static partial int ngtcp2_crypto_hkdf_expand(byte* destination, nuint length, nint* hash, byte* secret, nuint secretLength, byte* info, nuint infoLength);

    /// <summary>ngtcp2_crypto_conn_ref: how the glue finds the connection of a TLS session.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ngtcp2_crypto_conn_ref
    {
        public nint get_conn;
        public void* user_data;
    }
}
