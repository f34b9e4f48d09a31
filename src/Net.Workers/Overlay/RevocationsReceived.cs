namespace Net.Workers.Overlay;

/// <summary>A peer has a newer revocation list.</summary>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Revocations">The list, signed by the network.</param>
public sealed record RevocationsReceived(int PeerIndex, byte[] Revocations) : WorkerMessage;
