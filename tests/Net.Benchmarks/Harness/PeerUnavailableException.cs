namespace Net.Benchmarks.Harness;

/// <summary>The peer is not on this machine; our own value stands alone.</summary>
internal sealed class PeerUnavailableException(string message) : Exception(message);
