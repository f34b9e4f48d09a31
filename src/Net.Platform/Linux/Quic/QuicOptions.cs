namespace Net.Platform.Linux;

/// <summary>Settings of a connection, read when it is made. Times are nanoseconds.</summary>
public sealed record QuicOptions
{
    /// <summary>Largest UDP payload ever sent, 1200 to 65527: 1472 is an IPv4 packet of 1500 bytes. Buffers given to the write calls must hold so many bytes.</summary>
    public int MaxUdpPayloadBytes { get; init; } = 1472;

    /// <summary>Begin with 1200 bytes and probe for more, up to <see cref="MaxUdpPayloadBytes"/> (RFC 8899); false sends packets of that size at once.</summary>
    public bool DiscoverMtu { get; init; } = true;

    /// <summary>How the sending rate is found.</summary>
    public QuicCongestionControl CongestionControl { get; init; } = QuicCongestionControl.Bbr;

    /// <summary>Time without any packet from the peer after which the connection ends; the smaller of both sides' values counts (RFC 9000 10.1). 0 is never.</summary>
    public long IdleTimeout { get; init; } = 30_000_000_000;

    /// <summary>Time within which the handshake must be complete.</summary>
    public long HandshakeTimeout { get; init; } = 10_000_000_000;

    /// <summary>Packets received before an acknowledgement goes out at once. 16 was measured to be best for bulk in batches; RFC 9000 13.2.2 begins with 2.</summary>
    public int AckThreshold { get; init; } = 16;

    /// <summary>Longest time an acknowledgement is held back; whole milliseconds, below 16,384 ms.</summary>
    public long MaxAckDelay { get; init; } = 5_000_000;

    /// <summary>Whether the peer may send DATAGRAM frames (RFC 9221).</summary>
    public bool AllowDatagrams { get; init; } = true;

    /// <summary>Time without traffic after which a PING keeps the connection and the NAT mappings below it alive; 0 is never.</summary>
    public long KeepAlive { get; init; } = 10_000_000_000;

    /// <summary>Round trip assumed before the first measurement; 0 takes the 333 ms of RFC 9002 6.2.2. A known value makes the first retransmissions faster.</summary>
    public long InitialRtt { get; init; }

    /// <summary>The application protocol both sides must name (ALPN, RFC 7301), 1 to 255 ASCII characters.</summary>
    public string Alpn { get; init; } = "netmod/1";

    /// <summary>Bytes the peer may have under way on one stream before we extend its window.</summary>
    public int StreamWindowBytes { get; init; } = 262_144;

    /// <summary>Bytes the peer may have under way on all streams together.</summary>
    public int ConnectionWindowBytes { get; init; } = 1_048_576;

    /// <summary>Bidirectional streams the peer may have open at a time.</summary>
    public int MaxBidirectionalStreams { get; init; } = 100;

    /// <summary>The first byte of the first destination id of a connection that is begun here; random bytes of the number RFC 9000 7.2 asks for follow it. Null for an id that is random as a whole.</summary>
    public byte? FirstIdByte { get; init; }

    /// <summary>Whether <see cref="AeadLibrary"/> is used where this host has it. The peer cannot tell.</summary>
    internal bool AllowAcceleration { get; init; } = true;
}
