namespace Net.Workers.Overlay;

/// <summary>Ends the session with a peer, which is then made again as the model says.</summary>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Reason">Why; told to the peer.</param>
public sealed record DisconnectPeer(int PeerIndex, string Reason) : WorkerMessage;
