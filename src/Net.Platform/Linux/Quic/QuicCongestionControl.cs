namespace Net.Platform.Linux;

/// <summary>How a connection finds out how fast it may send.</summary>
public enum QuicCongestionControl
{
    /// <summary>CUBIC (RFC 9438): halves at each loss, so only for paths whose losses mean congestion, such as a LAN.</summary>
    Cubic,

    /// <summary>BBR: follows the measured bandwidth and round trip, and holds on paths with random loss.</summary>
    Bbr,
}
