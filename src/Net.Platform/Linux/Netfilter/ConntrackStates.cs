namespace Net.Platform.Linux.Netfilter;

/// <summary>Names of connection states.</summary>
internal static class ConntrackStates
{
    /// <summary>No answer was seen; for protocols without states of their own.</summary>
    public const string Unreplied = "UNREPLIED";

    /// <summary>An answer was seen.</summary>
    public const string Replied = "REPLIED";

    /// <summary>Kept when the table is full.</summary>
    public const string Assured = "ASSURED";

    private const string Unknown = "UNKNOWN";
    private const byte Tcp = 6;
    private const byte Sctp = 132;

    // enum tcp_conntrack, linux/netfilter/nf_conntrack_tcp.h; names as the kernel prints them (net/netfilter/nf_conntrack_proto_tcp.c).
    private static readonly string[] TcpNames =
        ["NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2"];

    // enum sctp_conntrack, linux/netfilter/nf_conntrack_sctp.h; names as the kernel prints them (net/netfilter/nf_conntrack_proto_sctp.c).
    private static readonly string[] SctpNames =
    [
        "NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED", "SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT", "HEARTBEAT_ACKED",
    ];

    /// <summary>The name of a state; one string object for each, so that counting makes none.</summary>
    /// <param name="protocol">IP protocol number.</param>
    /// <param name="state">State number of TCP or SCTP.</param>
    /// <param name="status">IPS_ bits, which decide for all other protocols.</param>
    /// <returns>The name.</returns>
    public static string NameOf(byte protocol, byte state, uint status) => protocol switch
    {
        Tcp => state < TcpNames.Length ? TcpNames[state] : Unknown,
        Sctp => state < SctpNames.Length ? SctpNames[state] : Unknown,
        _ when (status & (uint)ConnectionStatus.Assured) != 0 => Assured,
        _ when (status & (uint)ConnectionStatus.SeenReply) != 0 => Replied,
        _ => Unreplied,
    };
}
