using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>GnuTLS: what TLS 1.3 with raw public keys (RFC 7250) needs of gnutls/gnutls.h and gnutls/abstract.h.</summary>
internal static unsafe partial class GnutlsApi
{
    internal const string GnutlsLibrary = "libgnutls.so.30";

    internal const int GNUTLS_SERVER = 1;
    internal const int GNUTLS_CLIENT = 1 << 1;
    internal const int GNUTLS_NO_TICKETS = 1 << 10;
    internal const int GNUTLS_ENABLE_RAWPK = 1 << 18;
    internal const int GNUTLS_NO_AUTO_SEND_TICKET = 1 << 21;
    internal const int GNUTLS_CRD_CERTIFICATE = 1;
    internal const int GNUTLS_CERT_REQUIRE = 2;
    internal const int GNUTLS_ALPN_MANDATORY = 1;
    internal const int GNUTLS_ECC_CURVE_ED25519 = 7;
    internal const int GNUTLS_CIPHER_AES_128_CBC = 4;
    internal const int GNUTLS_CIPHER_AES_128_GCM = 10;

    [LibraryImport(GnutlsLibrary)]
    internal static partial byte* gnutls_strerror(int error);

    [LibraryImport(GnutlsLibrary)]
    internal static partial byte* gnutls_alert_get_strname(int alert);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_priority_init(nint* cache, byte* priorities, byte** errorPosition);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_init(nint* session, uint flags);

    [LibraryImport(GnutlsLibrary)]
    internal static partial void gnutls_deinit(nint session);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_priority_set(nint session, nint cache);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_credentials_set(nint session, int type, nint credentials);

    [LibraryImport(GnutlsLibrary)]
    internal static partial void gnutls_certificate_server_set_request(nint session, int request);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_alpn_set_protocols(nint session, gnutls_datum_t* protocols, uint count, uint flags);

    [LibraryImport(GnutlsLibrary)]
    internal static partial void gnutls_session_set_ptr(nint session, void* pointer);

    [LibraryImport(GnutlsLibrary)]
    internal static partial void* gnutls_session_get_ptr(nint session);

    [LibraryImport(GnutlsLibrary)]
    internal static partial void gnutls_session_set_verify_function(nint session, nint function);

    [LibraryImport(GnutlsLibrary)]
    internal static partial void gnutls_handshake_set_secret_function(nint session, nint function);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_cipher_init(nint* context, int cipher, gnutls_datum_t* key, gnutls_datum_t* iv);

    [LibraryImport(GnutlsLibrary)]
    internal static partial void gnutls_cipher_deinit(nint context);

    [LibraryImport(GnutlsLibrary)]
    internal static partial gnutls_datum_t* gnutls_certificate_get_peers(nint session, uint* count);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_prf_rfc5705(nint session, nuint labelLength, byte* label, nuint contextLength, byte* context, nuint length, byte* destination);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_certificate_allocate_credentials(nint* credentials);

    [LibraryImport(GnutlsLibrary)]
    internal static partial void gnutls_certificate_free_credentials(nint credentials);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_certificate_set_key(nint credentials, byte** names, int nameCount, gnutls_pcert_st* certificates, int count, nint privateKey);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_privkey_init(nint* key);

    [LibraryImport(GnutlsLibrary)]
    internal static partial void gnutls_privkey_deinit(nint key);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_privkey_import_ecc_raw(nint key, int curve, gnutls_datum_t* x, gnutls_datum_t* y, gnutls_datum_t* k);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_pubkey_init(nint* key);

    [LibraryImport(GnutlsLibrary)]
    internal static partial void gnutls_pubkey_deinit(nint key);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_pubkey_import_privkey(nint key, nint privateKey, uint usage, uint flags);

    [LibraryImport(GnutlsLibrary)]
    internal static partial int gnutls_pcert_import_rawpk(gnutls_pcert_st* certificate, nint publicKey, uint flags);

    /// <summary>gnutls_datum_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct gnutls_datum_t
    {
        public byte* data;
        public uint size;
    }

    /// <summary>gnutls_pcert_st: the public key goes over to the credentials it is given to.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct gnutls_pcert_st
    {
        public nint pubkey;
        public gnutls_datum_t cert;
        public int type;
    }
}
