namespace Net.Engine.Firewall.Translation;

/// <summary>Whether a rule is in force at an instant.</summary>
/// <param name="IsActive">Whether it is.</param>
/// <param name="Reason">Why it is not; null when it is.</param>
/// <param name="NextChange">When that changes by time alone; null for never.</param>
internal readonly record struct RuleActivity(bool IsActive, string? Reason, DateTimeOffset? NextChange);
