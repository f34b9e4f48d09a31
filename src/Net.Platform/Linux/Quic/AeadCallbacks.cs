using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>
/// Cryptography of connections that use <see cref="AeadLibrary"/>: their 1-RTT keys, if AES-128-GCM was agreed on, are made and installed here instead of in ngtcp2's glue, as keys of
/// <see cref="AeadKey"/>. Everything else - handshake packets, other ciphers, header protection - goes on to the glue. Header protection stays there because its single block takes GnuTLS
/// 20 ns, and coming here would cost as much.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class AeadCallbacks
{
    private static delegate* unmanaged[Cdecl]<byte*, void*, nint*, byte*, nuint, byte*, nuint, byte*, nuint, int> _encrypt;
    private static delegate* unmanaged[Cdecl]<byte*, void*, nint*, byte*, nuint, byte*, nuint, byte*, nuint, int> _decrypt;
    private static delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint*, byte*, nint*, byte*, byte*, byte*, nuint, void*, int> _updateKey;
    private static delegate* unmanaged[Cdecl]<nint, nint*, void*, void> _deleteAead;

    /// <summary>gnutls_handshake_secret_func of accelerated sessions.</summary>
    public static nint Secrets => (nint)(delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, nuint, int>)&InstallSecrets;

    /// <summary>Puts ours in front of the glue's functions.</summary>
    /// <param name="callbacks">Filled by <see cref="QuicCallbacks.Fill"/>.</param>
    public static void Override(ngtcp2_callbacks* callbacks)
    {
        _encrypt = (delegate* unmanaged[Cdecl]<byte*, void*, nint*, byte*, nuint, byte*, nuint, byte*, nuint, int>)callbacks->encrypt;
        _decrypt = (delegate* unmanaged[Cdecl]<byte*, void*, nint*, byte*, nuint, byte*, nuint, byte*, nuint, int>)callbacks->decrypt;
        _updateKey = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint*, byte*, nint*, byte*, byte*, byte*, nuint, void*, int>)callbacks->update_key;
        _deleteAead = (delegate* unmanaged[Cdecl]<nint, nint*, void*, void>)callbacks->delete_crypto_aead_ctx;
        callbacks->encrypt = (nint)(delegate* unmanaged[Cdecl]<byte*, void*, nint*, byte*, nuint, byte*, nuint, byte*, nuint, int>)&Encrypt;
        callbacks->decrypt = (nint)(delegate* unmanaged[Cdecl]<byte*, void*, nint*, byte*, nuint, byte*, nuint, byte*, nuint, int>)&Decrypt;
        callbacks->update_key = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint*, byte*, nint*, byte*, byte*, byte*, nuint, void*, int>)&UpdateKey;
        callbacks->delete_crypto_aead_ctx = (nint)(delegate* unmanaged[Cdecl]<nint, nint*, void*, void>)&DeleteAead;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Encrypt(byte* destination, void* aead, nint* context, byte* text, nuint length, byte* nonce, nuint nonceLength, byte* additional, nuint additionalLength)
    {
        nint handle = *context;
        if (!AeadKey.IsOurs(handle))
        {
            return _encrypt(destination, aead, context, text, length, nonce, nonceLength, additional, additionalLength);
        }

        AeadKey.Seal(handle, destination, text, length, nonce, additional, additionalLength);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Decrypt(byte* destination, void* aead, nint* context, byte* text, nuint length, byte* nonce, nuint nonceLength, byte* additional, nuint additionalLength)
    {
        nint handle = *context;
        int result = !AeadKey.IsOurs(handle) ? _decrypt(destination, aead, context, text, length, nonce, nonceLength, additional, additionalLength)
            : AeadKey.Open(handle, destination, text, length, nonce, additional, additionalLength) ? 0
            : NGTCP2_ERR_DECRYPT;
        QuicCallbacks.CountOpened(result);
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DeleteAead(nint connection, nint* context, void* user)
    {
        if (!AeadKey.IsOurs(*context))
        {
            _deleteAead(connection, context, user);
            return;
        }

        AeadKey.Free(*context);
        *context = 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int UpdateKey(
        nint connection, byte* receiveSecret, byte* sendSecret, nint* receiveContext, byte* receiveIv, nint* sendContext, byte* sendIv, byte* currentReceiveSecret, byte* currentSendSecret,
        nuint secretLength, void* user)
    {
        if (!IsOurCipher(connection))
        {
            return _updateKey(connection, receiveSecret, sendSecret, receiveContext, receiveIv, sendContext, sendIv, currentReceiveSecret, currentSendSecret, secretLength, user);
        }

        try
        {
            nint* hash = &ngtcp2_conn_get_crypto_ctx(connection)->md;
            nint receive = NextKey(receiveSecret, receiveIv, currentReceiveSecret, secretLength, hash);
            nint send = receive == 0 ? 0 : NextKey(sendSecret, sendIv, currentSendSecret, secretLength, hash);
            if (send != 0)
            {
                (*receiveContext, *sendContext) = (receive, send);
                return 0;
            }

            if (receive != 0)
            {
                AeadKey.Free(receive);
            }

            return NGTCP2_ERR_CALLBACK_FAILURE;
        }
        catch (Exception exception)
        {
            return QuicCallbacks.Of(user).Keep(exception);
        }
    }

    // What ngtcp2's own secret function does (crypto/gnutls/gnutls.c, secret_func), but for keys of ours.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int InstallSecrets(nint session, int gnutlsLevel, byte* receiveSecret, byte* sendSecret, nuint secretLength)
    {
        var block = (QuicConnectionBlock*)((Ngtcp2CryptoApi.ngtcp2_crypto_conn_ref*)GnutlsApi.gnutls_session_get_ptr(session))->user_data;
        nint connection = block->Connection;
        int level = Ngtcp2CryptoApi.ngtcp2_crypto_gnutls_from_gnutls_record_encryption_level(gnutlsLevel);
        try
        {
            if (level == NGTCP2_ENCRYPTION_LEVEL_1RTT && IsOurCipher(connection))
            {
                return (receiveSecret == null || Install(connection, receiveSecret, secretLength, isSending: false))
                    && (sendSecret == null || Install(connection, sendSecret, secretLength, isSending: true)) ? 0 : -1;
            }

            return (receiveSecret == null || Ngtcp2CryptoApi.ngtcp2_crypto_derive_and_install_rx_key(connection, null, null, null, level, receiveSecret, secretLength) == 0)
                && (sendSecret == null || Ngtcp2CryptoApi.ngtcp2_crypto_derive_and_install_tx_key(connection, null, null, null, level, sendSecret, secretLength) == 0) ? 0 : -1;
        }
        catch (Exception exception)
        {
            _ = QuicCallbacks.Of(block).Keep(exception);
            return -1;
        }
    }

    // The labels below are those of QUIC version 1; no other version is offered.
    private static bool IsOurCipher(nint connection) =>
        ngtcp2_conn_get_crypto_ctx(connection)->aead.native_handle == GnutlsApi.GNUTLS_CIPHER_AES_128_GCM && ngtcp2_conn_get_negotiated_version(connection) == NGTCP2_PROTO_VER_V1;

    // RFC 9001 5.1: packet key, IV and header protection key of a traffic secret. ngtcp2 owns both contexts once it has them.
    private static bool Install(nint connection, byte* secret, nuint secretLength, bool isSending)
    {
        byte* keys = stackalloc byte[2 * AeadLibrary.KeyBytes];
        byte* iv = stackalloc byte[AeadLibrary.NonceBytes];
        byte* maskKey = keys + AeadLibrary.KeyBytes;
        nint context = 0;
        nint maskContext = 0;
        bool isInstalled = false;
        try
        {
            nint* hash = &ngtcp2_conn_get_crypto_ctx(connection)->md;
            var mask = new GnutlsApi.gnutls_datum_t { data = maskKey, size = AeadLibrary.KeyBytes };
            if (!AeadKey.Expand(keys, AeadLibrary.KeyBytes, hash, secret, secretLength, "quic key"u8)
                || !AeadKey.Expand(iv, AeadLibrary.NonceBytes, hash, secret, secretLength, "quic iv"u8)
                || !AeadKey.Expand(maskKey, AeadLibrary.KeyBytes, hash, secret, secretLength, "quic hp"u8)
                || GnutlsApi.gnutls_cipher_init(&maskContext, GnutlsApi.GNUTLS_CIPHER_AES_128_CBC, &mask, null) != 0)
            {
                return false;
            }

            context = AeadKey.Make(keys);
            isInstalled = 0 == (isSending
                ? ngtcp2_conn_install_tx_key(connection, secret, secretLength, &context, iv, AeadLibrary.NonceBytes, &maskContext)
                : ngtcp2_conn_install_rx_key(connection, secret, secretLength, &context, iv, AeadLibrary.NonceBytes, &maskContext));
            return isInstalled;
        }
        finally
        {
            SodiumApi.sodium_memzero(keys, 2 * AeadLibrary.KeyBytes);
            if (!isInstalled && context != 0)
            {
                AeadKey.Free(context);
            }

            if (!isInstalled && maskContext != 0)
            {
                GnutlsApi.gnutls_cipher_deinit(maskContext);
            }
        }
    }

    // RFC 9001 6.1: the next secret, then key and IV as always; header protection keeps its key. Returns 0 when it fails.
    private static nint NextKey(byte* secret, byte* iv, byte* currentSecret, nuint secretLength, nint* hash)
    {
        byte* key = stackalloc byte[AeadLibrary.KeyBytes];
        try
        {
            return AeadKey.Expand(secret, (int)secretLength, hash, currentSecret, secretLength, "quic ku"u8)
                && AeadKey.Expand(key, AeadLibrary.KeyBytes, hash, secret, secretLength, "quic key"u8)
                && AeadKey.Expand(iv, AeadLibrary.NonceBytes, hash, secret, secretLength, "quic iv"u8) ? AeadKey.Make(key) : 0;
        }
        finally
        {
            SodiumApi.sodium_memzero(key, AeadLibrary.KeyBytes);
        }
    }
}
