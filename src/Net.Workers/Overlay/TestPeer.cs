namespace Net.Workers.Overlay;

/// <summary>Tests a peer by echoes inside its session.</summary>
/// <param name="RequestId">What the result is known by.</param>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Count">Echoes.</param>
/// <param name="Timeout">How long to wait for each.</param>
/// <param name="Throughput">How long to send test data; null does not.</param>
/// <param name="Mtu">Whether to find the largest packet that goes through.</param>
public sealed record TestPeer(long RequestId, int PeerIndex, int Count, TimeSpan Timeout, TimeSpan? Throughput, bool Mtu) : WorkerMessage;
