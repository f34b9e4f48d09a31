namespace Net.Steering;

/// <summary>A change of a path's state.</summary>
/// <param name="From">The state before.</param>
/// <param name="To">The state now.</param>
/// <param name="Reason">Why, in words for a person.</param>
/// <param name="At">When, on the caller's monotonic clock.</param>
public sealed record PathTransition(PathState From, PathState To, string Reason, TimeSpan At);
