using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>What the libraries tell about the connection as a whole.</summary>
public sealed unsafe partial class QuicConnection
{
    // SubjectPublicKeyInfo of an Ed25519 key without the key itself (RFC 8410 4 and 10.1): sequence, algorithm 1.3.101.112, bit string of 33 bytes.
    private static ReadOnlySpan<byte> KeyInfoPrefix => [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

    /// <summary>Asks the owner about the key in a peer's raw certificate. Anything but an Ed25519 key is refused.</summary>
    internal bool OnVerifyPeer(ReadOnlySpan<byte> keyInfo)
    {
        bool isAccepted = keyInfo.Length == KeyInfoPrefix.Length + Ed25519.PublicKeyBytes && keyInfo.StartsWith(KeyInfoPrefix) && Events.VerifyPeer(keyInfo[KeyInfoPrefix.Length..]);
        _isKeyRefused |= !isAccepted;
        return isAccepted;
    }

    /// <summary>ngtcp2 wants another connection id for us, and the token by which a later process of ours can reset it.</summary>
    internal void OnNewConnectionId(ngtcp2_cid* id, byte* token)
    {
        *id = QuicConnectionId.Make(Events.NewConnectionId());
        _credentials.MakeResetToken(id, token);
    }

    /// <summary>A connection id of ours is out of use.</summary>
    internal void OnConnectionIdRetired(ngtcp2_cid* id)
    {
        if (id->datalen == QuicConnectionId.Bytes)
        {
            Events.ConnectionIdRetired(QuicConnectionId.Read(id));
        }
    }

    /// <summary>Our side of the handshake is done; what the peer allows is known.</summary>
    internal void OnHandshakeCompleted()
    {
        _isHandshakeCompleted = true;
        _peerIdBytes = (int)ngtcp2_conn_get_dcid(_connection)->datalen;
        ngtcp2_transport_params* theirs = ngtcp2_conn_get_remote_transport_params(_connection);
        _peerDatagramFrameBytes = theirs == null ? 0 : (long)Math.Min(theirs->max_datagram_frame_size, int.MaxValue);

        // A server has seen the client's proof by now, and gets no confirmation (RFC 9001 4.1.2).
        if (IsServer)
        {
            OnHandshakeConfirmed();
        }
    }

    /// <summary>The peer has our proof too.</summary>
    internal void OnHandshakeConfirmed()
    {
        IsHandshakeConfirmed = true;
        Events.HandshakeConfirmed();
    }
}
