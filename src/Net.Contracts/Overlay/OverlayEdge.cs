namespace Net.Contracts;

/// <summary>A session between two nodes.</summary>
/// <param name="From">One node.</param>
/// <param name="To">The other.</param>
/// <param name="State">What is known of it.</param>
/// <param name="RoundTripTime">Its round trip, or null.</param>
public sealed record OverlayEdge(string From, string To, OverlayPeerState State, TimeSpan? RoundTripTime = null);
