using Net.Overlay.Routing;

namespace Net.Overlay.Policy;

/// <summary>A peer as policy knows it.</summary>
/// <param name="Index">Its index in the data path; <see cref="RoutingTable.LocalNode"/> is this node.</param>
/// <param name="Name">Its name, the same on every node.</param>
/// <param name="Groups">Groups it is in.</param>
/// <param name="Prefixes">Its own addresses. A rule about the peer is about these, never about subnets behind it.</param>
public sealed record PolicyPeer(int Index, string Name, IReadOnlyList<string> Groups, IReadOnlyList<OverlayPrefix> Prefixes);
