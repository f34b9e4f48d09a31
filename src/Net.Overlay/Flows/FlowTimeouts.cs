namespace Net.Overlay.Flows;

/// <summary>How long a flow is remembered without packets, in nanoseconds. The values are those of Linux's connection tracking where
/// it has one, except an established TCP connection's, which RFC 5382 (REQ-5) wants above 2 h 4 min of NATs only: keepalives refresh ours, and a lost entry only costs an evaluation.</summary>
public static class FlowTimeouts
{
    private const long Second = 1_000_000_000;

    /// <summary>A TCP connection that both sides use.</summary>
    public const long TcpEstablished = 7200 * Second;

    /// <summary>A TCP connection only one side sent on.</summary>
    public const long TcpOpening = 60 * Second;

    /// <summary>A TCP connection that is being closed.</summary>
    public const long TcpClosing = 20 * Second;

    /// <summary>UDP and other protocols, one way.</summary>
    public const long OneWay = 60 * Second;

    /// <summary>UDP and other protocols, both ways.</summary>
    public const long BothWays = 180 * Second;

    /// <summary>ICMP.</summary>
    public const long Icmp = 30 * Second;

    /// <summary>A denied flow: long enough not to evaluate each retry, short enough not to fill the table.</summary>
    public const long Denied = 10 * Second;

    /// <summary>A TCP connection a changed policy forbids. Its ends go on sending for a while, and the side that may open must not take it up again by that: Linux waits up
    /// to 120 s between retransmissions (TCP_RTO_MAX), and by default 2 h before keepalives. When the table is full such a flow goes before those that are answered.</summary>
    public const long TcpRevoked = TcpEstablished + (60 * Second);

    /// <summary>The time that applies to a flow.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="entry">Its entry.</param>
    public static long For(in FlowKey key, in FlowEntry entry) => entry switch
    {
        { IsRevoked: true, TcpState: not TcpFlowState.None } => TcpRevoked,
        { Verdict: not FlowVerdict.Allow } => Denied,
        { TcpState: TcpFlowState.Established } => TcpEstablished,
        { TcpState: TcpFlowState.Closing } => TcpClosing,
        { TcpState: TcpFlowState.Opening } => TcpOpening,
        _ when key.Protocol is IpProtocols.Icmp or IpProtocols.IcmpV6 => Icmp,
        _ => entry.IsAnswered ? BothWays : OneWay,
    };
}
