namespace Net.Workers.Overlay;

/// <summary>A peer tells which prefixes it has, all of them.</summary>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Prefixes">The prefixes.</param>
public sealed record RoutesAdvertised(int PeerIndex, ModelPrefix[] Prefixes) : WorkerMessage;
