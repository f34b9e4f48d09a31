namespace Net.Overlay.Routing;

/// <summary>Whether a route is in use, and why.</summary>
/// <param name="Route">The route.</param>
/// <param name="IsSelected">Whether packets to its prefix take it.</param>
/// <param name="Reason">A sentence for people.</param>
public readonly record struct RouteExplanation(OverlayRoute Route, bool IsSelected, string Reason);
