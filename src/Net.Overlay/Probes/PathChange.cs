namespace Net.Overlay.Probes;

/// <summary>Another endpoint was selected.</summary>
/// <param name="From">The endpoint before; none at first.</param>
/// <param name="To">The endpoint from now on.</param>
/// <param name="Reason">Why, as a sentence without a full stop.</param>
public readonly record struct PathChange(PathEndpoint From, PathEndpoint To, string Reason);
