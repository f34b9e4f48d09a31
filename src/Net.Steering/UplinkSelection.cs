namespace Net.Steering;

/// <summary>Whether a path is the one in use, and why.</summary>
/// <param name="IsSelected">Whether it is.</param>
/// <param name="Reason">Why, in one sentence without a full stop.</param>
public readonly record struct UplinkSelection(bool IsSelected, string Reason);
