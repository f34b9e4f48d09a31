namespace Net.Platform.Linux;

/// <summary>What a connection knows of its path now. Round trips are nanoseconds, and 0 or the initial guess before the first measurement.</summary>
/// <param name="SmoothedRtt">Smoothed round trip (RFC 9002 5.3).</param>
/// <param name="LatestRtt">The last sample.</param>
/// <param name="MinRtt">The smallest sample so far.</param>
/// <param name="RttVariance">Mean deviation of the samples.</param>
/// <param name="CongestionWindow">Bytes that may be under way.</param>
/// <param name="BytesInFlight">Bytes that are under way.</param>
public readonly record struct QuicConnectionInfo(long SmoothedRtt, long LatestRtt, long MinRtt, long RttVariance, long CongestionWindow, long BytesInFlight);
