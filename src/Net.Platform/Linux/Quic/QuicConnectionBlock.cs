using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Native memory of one connection: what both libraries get as user data, and by which callbacks find their way back.</summary>
internal struct QuicConnectionBlock
{
    /// <summary>The ngtcp2_conn; 0 until it is made.</summary>
    public nint Connection;

    /// <summary>The GnuTLS session.</summary>
    public nint Session;

    /// <summary>A GCHandle of the <see cref="QuicConnection"/>.</summary>
    public nint Handle;

    /// <summary>Whether keys of <see cref="AeadLibrary"/> are used where the cipher allows it.</summary>
    public bool IsAccelerated;

    /// <summary>What the session points to; its user data is this block.</summary>
    public Ngtcp2CryptoApi.ngtcp2_crypto_conn_ref Reference;
}
