namespace Net.Workers.Overlay;

/// <summary>A route of the model.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Owner"><c>local</c>, <c>node</c>, <c>gateway</c> or <c>defaultGateway</c>.</param>
/// <param name="PeerIndex">The peer; -1 for this node.</param>
/// <param name="Preference">Lower first.</param>
public sealed record ModelRoute(string Prefix, string Owner, int PeerIndex, int Preference);
