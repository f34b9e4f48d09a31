using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <content>What is known of the other side.</content>
public sealed unsafe partial class QuicConnection
{
    /// <summary>The connection id the peer's packets are marked with at present, as 8 bytes, most significant first; 0 when the peer's ids have another length.</summary>
    public ulong PeerConnectionId
    {
        get
        {
            ngtcp2_cid* id = _connection == 0 ? null : ngtcp2_conn_get_dcid(_connection);
            return id is not null && id->datalen == QuicConnectionId.Bytes ? QuicConnectionId.Read(id) : 0;
        }
    }

    /// <summary>Whether the peer ended the handshake because it did not take our key (a TLS alert, RFC 9001 section 4.8).</summary>
    public bool IsRefusedByPeer
    {
        get
        {
            if (_connection == 0 || _ended != QuicResult.Draining || _isStatelessReset)
            {
                return false;
            }

            ngtcp2_ccerr* error = ngtcp2_conn_get_ccerr(_connection);
            return error->type != NGTCP2_CCERR_TYPE_APPLICATION && error->error_code is >= NGTCP2_CRYPTO_ERROR and < NGTCP2_CRYPTO_ERROR + 256;
        }
    }
}
