namespace Net.Overlay.Routing;

/// <summary>One way to a prefix, as configured or learnt.</summary>
/// <param name="Prefix">What it reaches.</param>
/// <param name="Owner">Who answers for it; ranks routes of one prefix.</param>
/// <param name="PeerIndex">The peer packets go to; <see cref="RoutingTable.LocalNode"/> is this node.</param>
/// <param name="Preference">Among equal owners the lower is taken first.</param>
/// <param name="IsHealthy">Whether the peer answers; a healthy route goes before the others of its rank.</param>
/// <param name="Source">Where it comes from, for people: "configuration", "advertised by berlin".</param>
/// <param name="Reason">Why it is there, and why it is not healthy if it is not, for people.</param>
public sealed record OverlayRoute(OverlayPrefix Prefix, RouteOwner Owner, int PeerIndex, int Preference, bool IsHealthy, string Source, string Reason);
