namespace Net.Platform.Linux.Interop;

/// <summary>Constants of ngtcp2/ngtcp2.h 1.11; a test compares each with the header.</summary>
internal static unsafe partial class Ngtcp2Api
{
    internal const uint NGTCP2_PROTO_VER_V1 = 1;
    internal const int NGTCP2_MAX_UDP_PAYLOAD_SIZE = 1200;
    internal const int NGTCP2_MAX_CIDLEN = 20;
    internal const int NGTCP2_STATELESS_RESET_TOKENLEN = 16;
    internal const int NGTCP2_MIN_STATELESS_RESET_RANDLEN = 5;

    internal const int NGTCP2_CC_ALGO_CUBIC = 1;
    internal const int NGTCP2_CC_ALGO_BBR = 2;

    internal const int NGTCP2_TOKEN_TYPE_RETRY = 1;

    internal const int NGTCP2_ENCRYPTION_LEVEL_1RTT = 2;

    internal const uint NGTCP2_STREAM_DATA_FLAG_FIN = 1;
    internal const uint NGTCP2_STREAM_CLOSE_FLAG_APP_ERROR_CODE_SET = 1;
    internal const uint NGTCP2_WRITE_STREAM_FLAG_FIN = 2;

    internal const int NGTCP2_CCERR_TYPE_TRANSPORT = 0;
    internal const int NGTCP2_CCERR_TYPE_APPLICATION = 1;

    internal const int NGTCP2_CALLBACKS_V1 = 1;
    internal const int NGTCP2_SETTINGS_V2 = 2;
    internal const int NGTCP2_TRANSPORT_PARAMS_V1 = 1;
    internal const int NGTCP2_CONN_INFO_V1 = 1;
    internal const int NGTCP2_PKT_INFO_V1 = 1;

    internal const int NGTCP2_ERR_INVALID_ARGUMENT = -201;
    internal const int NGTCP2_ERR_INVALID_STATE = -204;
    internal const int NGTCP2_ERR_STREAM_ID_BLOCKED = -206;
    internal const int NGTCP2_ERR_STREAM_DATA_BLOCKED = -208;
    internal const int NGTCP2_ERR_CRYPTO = -213;
    internal const int NGTCP2_ERR_DECRYPT = -218;
    internal const int NGTCP2_ERR_STREAM_SHUT_WR = -219;
    internal const int NGTCP2_ERR_STREAM_NOT_FOUND = -220;
    internal const int NGTCP2_ERR_RECV_VERSION_NEGOTIATION = -222;
    internal const int NGTCP2_ERR_CLOSING = -223;
    internal const int NGTCP2_ERR_DRAINING = -224;
    internal const int NGTCP2_ERR_RETRY = -231;
    internal const int NGTCP2_ERR_DROP_CONN = -232;
    internal const int NGTCP2_ERR_HANDSHAKE_TIMEOUT = -236;
    internal const int NGTCP2_ERR_IDLE_CLOSE = -238;
    internal const int NGTCP2_ERR_CALLBACK_FAILURE = -502;

    // The same number as in the header, where it is unsigned: RFC 9001 4.8 adds the TLS alert to it.
    internal const int NGTCP2_CRYPTO_ERROR = 0x100;
}
