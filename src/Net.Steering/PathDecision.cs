namespace Net.Steering;

/// <summary>What the selector decided about one path.</summary>
/// <param name="Candidate">The path.</param>
/// <param name="IsSelected">Whether it is to be used.</param>
/// <param name="Reason">Why or why not, in words for a person.</param>
public sealed record PathDecision(PathCandidate Candidate, bool IsSelected, string Reason);
