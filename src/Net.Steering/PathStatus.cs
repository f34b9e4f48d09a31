namespace Net.Steering;

/// <summary>A path's state with what explains it.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, in words for a person.</param>
/// <param name="Since">When this state began, on the caller's monotonic clock.</param>
public sealed record PathStatus(PathState State, string Reason, TimeSpan Since);
