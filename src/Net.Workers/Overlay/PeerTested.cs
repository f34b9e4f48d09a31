namespace Net.Workers.Overlay;

/// <summary>A test of a peer ended.</summary>
/// <param name="RequestId">The test.</param>
/// <param name="Sent">Echoes sent.</param>
/// <param name="RoundTrips">Round trips of those that came back.</param>
/// <param name="PathMtuBytes">The largest packet that goes through; null when not asked for.</param>
/// <param name="BitsPerSecond">Test data the peer received; null when not asked for.</param>
/// <param name="Problem">Why it could not be done; null when it was.</param>
public sealed record PeerTested(long RequestId, int Sent, TimeSpan[] RoundTrips, int? PathMtuBytes, double? BitsPerSecond, string? Problem) : WorkerMessage;
