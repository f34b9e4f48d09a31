using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>
/// What ngtcp2 and GnuTLS call: each function finds its connection by the block it was given and hands on. Nothing may be thrown through native code, so an exception is
/// kept in the connection, the library call is ended, and the exception comes out behind it.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class QuicCallbacks
{
    private static delegate* unmanaged[Cdecl]<nint, int, ulong, byte*, nuint, void*, int> s_takeCryptoData;
    private static delegate* unmanaged[Cdecl]<byte*, void*, nint*, byte*, nuint, byte*, nuint, byte*, nuint, int> s_decrypt;

    // ngtcp2 does not say whether a packet was authentic: it drops others silently. It opens each with its key on the thread that reads it.
    [ThreadStatic]
    private static long t_opened;

    /// <summary>Packets this thread has opened with their keys so far.</summary>
    internal static long Opened => t_opened;

    /// <summary>Counts a packet if it could be opened.</summary>
    /// <param name="result">What the decryption gave; 0 for authentic.</param>
    internal static void CountOpened(int result)
    {
        if (result == 0)
        {
            t_opened++;
        }
    }

    /// <summary>Enters all callbacks; those of the cryptography stay native, so that a packet is sealed and opened without coming here.</summary>
    /// <param name="callbacks">Cleared memory.</param>
    /// <param name="crypto">The loaded library of ngtcp2's TLS glue.</param>
    public static void Fill(ngtcp2_callbacks* callbacks, nint crypto)
    {
        callbacks->client_initial = NativeLibrary.GetExport(crypto, "ngtcp2_crypto_client_initial_cb");
        callbacks->recv_client_initial = NativeLibrary.GetExport(crypto, "ngtcp2_crypto_recv_client_initial_cb");
        s_takeCryptoData = (delegate* unmanaged[Cdecl]<nint, int, ulong, byte*, nuint, void*, int>)NativeLibrary.GetExport(crypto, "ngtcp2_crypto_recv_crypto_data_cb");
        callbacks->recv_crypto_data = (nint)(delegate* unmanaged[Cdecl]<nint, int, ulong, byte*, nuint, void*, int>)&CryptoData;
        callbacks->encrypt = NativeLibrary.GetExport(crypto, "ngtcp2_crypto_encrypt_cb");
        s_decrypt = (delegate* unmanaged[Cdecl]<byte*, void*, nint*, byte*, nuint, byte*, nuint, byte*, nuint, int>)NativeLibrary.GetExport(crypto, "ngtcp2_crypto_decrypt_cb");
        callbacks->decrypt = (nint)(delegate* unmanaged[Cdecl]<byte*, void*, nint*, byte*, nuint, byte*, nuint, byte*, nuint, int>)&Decrypt;
        callbacks->hp_mask = NativeLibrary.GetExport(crypto, "ngtcp2_crypto_hp_mask_cb");
        callbacks->recv_retry = NativeLibrary.GetExport(crypto, "ngtcp2_crypto_recv_retry_cb");
        callbacks->update_key = NativeLibrary.GetExport(crypto, "ngtcp2_crypto_update_key_cb");
        callbacks->delete_crypto_aead_ctx = NativeLibrary.GetExport(crypto, "ngtcp2_crypto_delete_crypto_aead_ctx_cb");
        callbacks->delete_crypto_cipher_ctx = NativeLibrary.GetExport(crypto, "ngtcp2_crypto_delete_crypto_cipher_ctx_cb");
        callbacks->get_path_challenge_data = NativeLibrary.GetExport(crypto, "ngtcp2_crypto_get_path_challenge_data_cb");
        callbacks->version_negotiation = NativeLibrary.GetExport(crypto, "ngtcp2_crypto_version_negotiation_cb");

        callbacks->rand = (nint)(delegate* unmanaged[Cdecl]<byte*, nuint, void*, void>)&Random;
        callbacks->get_new_connection_id = (nint)(delegate* unmanaged[Cdecl]<nint, ngtcp2_cid*, byte*, nuint, void*, int>)&NewConnectionId;
        callbacks->remove_connection_id = (nint)(delegate* unmanaged[Cdecl]<nint, ngtcp2_cid*, void*, int>)&RemoveConnectionId;
        callbacks->handshake_completed = (nint)(delegate* unmanaged[Cdecl]<nint, void*, int>)&HandshakeCompleted;
        callbacks->handshake_confirmed = (nint)(delegate* unmanaged[Cdecl]<nint, void*, int>)&HandshakeConfirmed;
        callbacks->recv_datagram = (nint)(delegate* unmanaged[Cdecl]<nint, uint, byte*, nuint, void*, int>)&Datagram;
        callbacks->lost_datagram = (nint)(delegate* unmanaged[Cdecl]<nint, ulong, void*, int>)&DatagramLost;
        callbacks->recv_stateless_reset = (nint)(delegate* unmanaged[Cdecl]<nint, void*, void*, int>)&StatelessReset;
        callbacks->stream_open = (nint)(delegate* unmanaged[Cdecl]<nint, long, void*, int>)&StreamOpen;
        callbacks->recv_stream_data = (nint)(delegate* unmanaged[Cdecl]<nint, uint, long, ulong, byte*, nuint, void*, void*, int>)&StreamData;
        callbacks->acked_stream_data_offset = (nint)(delegate* unmanaged[Cdecl]<nint, long, ulong, ulong, void*, void*, int>)&StreamAcknowledged;
        callbacks->stream_reset = (nint)(delegate* unmanaged[Cdecl]<nint, long, ulong, ulong, void*, void*, int>)&StreamReset;
        callbacks->stream_close = (nint)(delegate* unmanaged[Cdecl]<nint, uint, long, ulong, void*, void*, int>)&StreamClose;
        callbacks->extend_max_stream_data = (nint)(delegate* unmanaged[Cdecl]<nint, long, ulong, void*, void*, int>)&StreamWindowExtended;
        callbacks->extend_max_local_streams_bidi = (nint)(delegate* unmanaged[Cdecl]<nint, ulong, void*, int>)&StreamLimitExtended;
    }

    /// <summary>ngtcp2_crypto_conn_ref.get_conn: the connection of a TLS session.</summary>
    public static nint GetConnection => (nint)(delegate* unmanaged[Cdecl]<Ngtcp2CryptoApi.ngtcp2_crypto_conn_ref*, nint>)&ConnectionOf;

    /// <summary>gnutls_certificate_verify_function: whether the peer's key is accepted.</summary>
    public static nint Verify => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&VerifyPeer;

    /// <summary>The connection of a block.</summary>
    internal static QuicConnection Of(void* user) => Unsafe.As<QuicConnection>(GCHandle.FromIntPtr(((QuicConnectionBlock*)user)->Handle).Target!);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint ConnectionOf(Ngtcp2CryptoApi.ngtcp2_crypto_conn_ref* reference) => ((QuicConnectionBlock*)reference->user_data)->Connection;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int VerifyPeer(nint session)
    {
        var reference = (Ngtcp2CryptoApi.ngtcp2_crypto_conn_ref*)GnutlsApi.gnutls_session_get_ptr(session);
        QuicConnection connection = Of(reference->user_data);
        try
        {
            uint count = 0;
            GnutlsApi.gnutls_datum_t* keys = GnutlsApi.gnutls_certificate_get_peers(session, &count);
            return keys != null && count == 1 && connection.OnVerifyPeer(new ReadOnlySpan<byte>(keys->data, (int)keys->size)) ? 0 : -1;
        }
        catch (Exception exception)
        {
            connection.Keep(exception);
            return -1;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Decrypt(byte* destination, void* aead, nint* context, byte* text, nuint length, byte* nonce, nuint nonceLength, byte* additional, nuint additionalLength)
    {
        int result = s_decrypt(destination, aead, context, text, length, nonce, nonceLength, additional, additionalLength);
        CountOpened(result);
        return result;
    }

    // Without a session the handshake is over and released: whatever TLS has to say still is of no use (RFC 8446 section 4.6).
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CryptoData(nint handle, int level, ulong offset, byte* data, nuint length, void* user) =>
        ((QuicConnectionBlock*)user)->Session == 0 ? 0 : s_takeCryptoData(handle, level, offset, data, length, user);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Random(byte* destination, nuint length, void* context) => SodiumApi.randombytes_buf(destination, length);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int NewConnectionId(nint handle, ngtcp2_cid* id, byte* token, nuint length, void* user)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.OnNewConnectionId(id, token);
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int RemoveConnectionId(nint handle, ngtcp2_cid* id, void* user)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.OnConnectionIdRetired(id);
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int HandshakeCompleted(nint handle, void* user)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.OnHandshakeCompleted();
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int HandshakeConfirmed(nint handle, void* user)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.OnHandshakeConfirmed();
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Datagram(nint handle, uint flags, byte* data, nuint length, void* user)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.Events.DatagramReceived(new ReadOnlySpan<byte>(data, (int)length));
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int DatagramLost(nint handle, ulong length, void* user)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.Events.DatagramLost((int)length);
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int StatelessReset(nint handle, void* reset, void* user)
    {
        Of(user).OnStatelessReset();
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int StreamOpen(nint handle, long stream, void* user)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.OnStreamOpened(stream);
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int StreamData(nint handle, uint flags, long stream, ulong offset, byte* data, nuint length, void* user, void* streamUser)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.OnStreamReceived(stream, new ReadOnlySpan<byte>(data, (int)length), (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0);
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int StreamAcknowledged(nint handle, long stream, ulong offset, ulong length, void* user, void* streamUser)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.OnStreamAcknowledged(stream, offset, length);
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int StreamReset(nint handle, long stream, ulong finalSize, ulong error, void* user, void* streamUser)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.Events.StreamReset(stream, error);
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int StreamClose(nint handle, uint flags, long stream, ulong error, void* user, void* streamUser)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.OnStreamClosed(stream, (flags & NGTCP2_STREAM_CLOSE_FLAG_APP_ERROR_CODE_SET) != 0 ? error : 0);
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int StreamWindowExtended(nint handle, long stream, ulong window, void* user, void* streamUser)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.Events.StreamWindowExtended(stream);
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int StreamLimitExtended(nint handle, ulong limit, void* user)
    {
        QuicConnection connection = Of(user);
        try
        {
            connection.Events.StreamLimitExtended();
            return 0;
        }
        catch (Exception exception)
        {
            return connection.Keep(exception);
        }
    }
}
