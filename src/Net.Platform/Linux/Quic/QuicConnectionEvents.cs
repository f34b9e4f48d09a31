namespace Net.Platform.Linux;

/// <summary>
/// What a connection tells its owner, on the calling thread, inside Read, HandleExpiry, Write and Dispose. Of the connection's own members only OpenStream, ResetStream,
/// ExtendStreamWindow, ExportKey, SetKeepAlive and its properties may be called from here; the others throw. An exception thrown here ends the connection and comes out of the call that was made.
/// </summary>
public abstract class QuicConnectionEvents
{
    /// <summary>Whether the owner of this key may be the peer. False fails the handshake with the TLS alert bad_certificate, which the peer is told by WriteClose.</summary>
    /// <param name="publicKey">32 bytes, an Ed25519 key that the peer has not yet proved to own: a true answer is not yet an authenticated peer. Valid only during the call.</param>
    public abstract bool VerifyPeer(ReadOnlySpan<byte> publicKey);

    /// <summary>Both sides have the other's proof. Only now is the link up: a client whose key was refused also sees its handshake complete (RFC 9001 4.1.2).</summary>
    public virtual void HandshakeConfirmed()
    {
    }

    /// <summary>A DATAGRAM frame came.</summary>
    /// <param name="data">Its payload, which may be empty; valid only during the call.</param>
    public abstract void DatagramReceived(ReadOnlySpan<byte> data);

    /// <summary>A DATAGRAM frame we sent was declared lost (RFC 9221 section 5.2). It may arrive yet.</summary>
    /// <param name="bytes">Length of its payload.</param>
    public virtual void DatagramLost(int bytes)
    {
    }

    /// <summary>The peer opened a stream.</summary>
    /// <param name="streamId">The stream.</param>
    public virtual void StreamOpened(long streamId)
    {
    }

    /// <summary>Bytes came on a stream, in order. The peer may send no more than its window until <see cref="QuicConnection.ExtendStreamWindow"/>.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="data">The bytes, none when only the end is told; valid only during the call.</param>
    /// <param name="isFinal">Whether these are the last.</param>
    public virtual void StreamReceived(long streamId, ReadOnlySpan<byte> data, bool isFinal)
    {
    }

    /// <summary>The peer has got bytes we sent.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="offset">Where they began, counted from the beginning of the stream.</param>
    /// <param name="length">How many; 0 when only the end was acknowledged.</param>
    public virtual void StreamAcknowledged(long streamId, ulong offset, ulong length)
    {
    }

    /// <summary>The peer gave up sending on a stream (RESET_STREAM). Our side of it is still open.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="errorCode">The peer application's error.</param>
    public virtual void StreamReset(long streamId, ulong errorCode)
    {
    }

    /// <summary>A stream ended in both directions.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="errorCode">The application's error when it was reset by either side; otherwise 0.</param>
    public virtual void StreamClosed(long streamId, ulong errorCode)
    {
    }

    /// <summary>The peer lets us send more on a stream that may have been blocked.</summary>
    /// <param name="streamId">The stream.</param>
    public virtual void StreamWindowExtended(long streamId)
    {
    }

    /// <summary>The peer lets us open more streams.</summary>
    public virtual void StreamLimitExtended()
    {
    }

    /// <summary>A new connection id for packets to us. The caller puts it into the table by which it finds this connection; it never gives one twice.</summary>
    public abstract ulong NewConnectionId();

    /// <summary>No packet will come under this connection id any more. Ids still in use when the connection is disposed are not told.</summary>
    /// <param name="connectionId">The id.</param>
    public virtual void ConnectionIdRetired(ulong connectionId)
    {
    }
}
