using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.GnutlsApi;

namespace Net.Platform.Linux;

/// <summary>
/// A node key as TLS uses it: an Ed25519 key pair, shown to the peer as a raw public key (RFC 7250) in both roles. Shared by any number of connections on any threads;
/// native memory is freed when it and all of them are disposed.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class QuicCredentials : IDisposable
{
    /// <summary>Bytes of a stateless reset in answer to a packet that is longer: as good as indistinguishable from a short packet (RFC 9000 10.3).</summary>
    private const int UsualResetBytes = 43;

    /// <summary>The least that is recognised: 5 random bytes, then the token.</summary>
    private const int LeastResetBytes = Ngtcp2Api.NGTCP2_MIN_STATELESS_RESET_RANDLEN + Ngtcp2Api.NGTCP2_STATELESS_RESET_TOKENLEN;

    private readonly byte[] _resetSecret = new byte[32];

    /// <summary>Makes credentials of a node key. The seed is copied into the memory of GnuTLS; the caller may clear it.</summary>
    /// <param name="seed">32 bytes.</param>
    /// <exception cref="NativeLibraryMissingException">A library is not on this host.</exception>
    public QuicCredentials(ReadOnlySpan<byte> seed)
    {
        QuicLibraries.Require();
        PublicKey = new byte[Ed25519.PublicKeyBytes];
        Ed25519.GetPublicKey(seed, PublicKey);
        Handle = new QuicCredentialsHandle(Make(seed, PublicKey));

        // The same after a restart, so that a node that forgot its connections can tell its peers so.
        ReadOnlySpan<byte> purpose = "netmod stateless reset"u8;
        fixed (byte* secret = _resetSecret)
        fixed (byte* message = purpose)
        fixed (byte* key = seed)
        {
            _ = SodiumApi.crypto_generichash(secret, (nuint)_resetSecret.Length, message, (ulong)purpose.Length, key, (nuint)seed.Length);
        }
    }

    /// <summary>The public key, 32 bytes. Not to be changed.</summary>
    public byte[] PublicKey { get; }

    /// <summary>Owns the gnutls_certificate_credentials_t; each connection holds a reference.</summary>
    internal QuicCredentialsHandle Handle { get; }

    /// <summary>
    /// Writes a stateless reset (RFC 9000 10.3) for a packet that belongs to no connection, such as after a restart: its sender then ends the connection at once instead of
    /// waiting for its idle timeout. Not all connection ids have a token: the first id of a client has none.
    /// </summary>
    /// <param name="destination">Takes 43 bytes.</param>
    /// <param name="packet">The packet received. The answer is always shorter, so that two hosts cannot reset each other for ever.</param>
    /// <returns>Bytes written; 0 when the packet has a long header, or 21 bytes or fewer.</returns>
    public int WriteStatelessReset(Span<byte> destination, ReadOnlySpan<byte> packet)
    {
        int length = Math.Min(UsualResetBytes, packet.Length - 1);
        if (!QuicPacket.TryParse(packet, out QuicPacket parsed) || parsed.IsLongHeader || length < LeastResetBytes || destination.Length < length)
        {
            return 0;
        }

        Ngtcp2Api.ngtcp2_cid id = QuicConnectionId.Make(parsed.ShortDestinationId);
        byte* token = stackalloc byte[Ngtcp2Api.NGTCP2_STATELESS_RESET_TOKENLEN];
        MakeResetToken(&id, token);
        nuint randomBytes = (nuint)(length - Ngtcp2Api.NGTCP2_STATELESS_RESET_TOKENLEN);
        byte* random = stackalloc byte[UsualResetBytes];
        SodiumApi.randombytes_buf(random, randomBytes);
        fixed (byte* target = destination)
        {
            return (int)Math.Max(0, Ngtcp2Api.ngtcp2_pkt_write_stateless_reset(target, (nuint)length, token, random, randomBytes));
        }
    }

    /// <summary>Releases the key, as soon as no connection uses it.</summary>
    public void Dispose() => Handle.Dispose();

    /// <summary>Writes the 16-byte reset token of a connection id of ours.</summary>
    internal void MakeResetToken(Ngtcp2Api.ngtcp2_cid* id, byte* token)
    {
        fixed (byte* secret = _resetSecret)
        {
            if (Ngtcp2CryptoApi.ngtcp2_crypto_generate_stateless_reset_token(token, secret, (nuint)_resetSecret.Length, id) != 0)
            {
                throw new InvalidOperationException("A stateless reset token could not be derived.");
            }
        }
    }

    private static nint Make(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> publicKey)
    {
        nint privateKey = 0;
        nint rawKey = 0;
        nint credentials = 0;
        try
        {
            Check(gnutls_privkey_init(&privateKey), "make a private key");
            fixed (byte* seedBytes = seed)
            fixed (byte* publicBytes = publicKey)
            {
                var x = new gnutls_datum_t { data = publicBytes, size = (uint)publicKey.Length };
                var k = new gnutls_datum_t { data = seedBytes, size = (uint)seed.Length };
                Check(gnutls_privkey_import_ecc_raw(privateKey, GNUTLS_ECC_CURVE_ED25519, &x, null, &k), "import an Ed25519 key");
            }

            Check(gnutls_pubkey_init(&rawKey), "make a public key");
            Check(gnutls_pubkey_import_privkey(rawKey, privateKey, 0, 0), "derive the public key");
            Check(gnutls_certificate_allocate_credentials(&credentials), "make credentials");
            gnutls_pcert_st certificate = default;
            Check(gnutls_pcert_import_rawpk(&certificate, rawKey, 0), "wrap the public key");
            Check(gnutls_certificate_set_key(credentials, null, 0, &certificate, 1, privateKey), "use the key");

            // Both keys belong to the credentials from here on.
            (privateKey, rawKey) = (0, 0);
            (nint made, credentials) = (credentials, 0);
            return made;
        }
        finally
        {
            if (credentials != 0)
            {
                gnutls_certificate_free_credentials(credentials);
            }

            if (rawKey != 0)
            {
                gnutls_pubkey_deinit(rawKey);
            }

            if (privateKey != 0)
            {
                gnutls_privkey_deinit(privateKey);
            }
        }
    }

    private static void Check(int result, string attempted)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"GnuTLS could not {attempted}: {Marshal.PtrToStringUTF8((nint)gnutls_strerror(result))}");
        }
    }
}
