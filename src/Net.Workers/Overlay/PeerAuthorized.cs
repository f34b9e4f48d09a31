namespace Net.Workers.Overlay;

/// <summary>The answer to <see cref="AuthorizePeer"/>. When a peer is allowed, a model that has it was sent before.</summary>
/// <param name="RequestId">The question's number.</param>
/// <param name="PeerIndex">The peer's index in the model; null refuses.</param>
/// <param name="Reason">Why, in one sentence; told to the peer when it is refused.</param>
public sealed record PeerAuthorized(long RequestId, int? PeerIndex, string Reason) : WorkerMessage;
