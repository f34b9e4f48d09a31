namespace Net.Workers.Overlay;

/// <summary>A node asks to join.</summary>
/// <param name="RequestId">What the answer refers to.</param>
/// <param name="PublicKey">Its proven public key.</param>
/// <param name="Request">The protocol's frame with its join request, whole.</param>
/// <param name="RemoteEndpoint">Where it is.</param>
public sealed record JoinRequested(long RequestId, byte[] PublicKey, byte[] Request, string RemoteEndpoint) : WorkerMessage;
