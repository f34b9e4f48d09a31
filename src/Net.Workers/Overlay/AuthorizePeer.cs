namespace Net.Workers.Overlay;

/// <summary>A node with a key the model does not have has proven it and asks to take part.</summary>
/// <param name="RequestId">What the answer refers to.</param>
/// <param name="PublicKey">Its proven public key.</param>
/// <param name="Name">The name it gives itself.</param>
/// <param name="Certificate">Its membership certificate; null without one.</param>
/// <param name="Rotation">An old key's word for this one; null without one.</param>
/// <param name="RemoteEndpoint">Where it is.</param>
public sealed record AuthorizePeer(long RequestId, byte[] PublicKey, string Name, byte[]? Certificate, byte[]? Rotation, string RemoteEndpoint) : WorkerMessage;
