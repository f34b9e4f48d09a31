namespace Net.Workers.Overlay;

/// <summary>The node this one asked to join through has answered.</summary>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Reply">The protocol's frame with its join reply, whole.</param>
public sealed record JoinAnswered(int PeerIndex, byte[] Reply) : WorkerMessage;
