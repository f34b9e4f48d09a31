namespace Net.Firewall;

/// <summary>A number of tracked connections that match the rule, for all together or for each source address.</summary>
/// <param name="Count">The number; at least 1.</param>
/// <param name="PerSource">Whether each source address is counted by itself.</param>
/// <param name="Above">Whether the rule matches connections beyond the number rather than those within it.</param>
public sealed record ConnectionLimit(int Count, bool PerSource = false, bool Above = false);
