namespace Net.Engine.Firewall.Runtime.Counters;

/// <summary>How busy a rule is.</summary>
/// <param name="PacketsPerSecond">Packets a second between the two last looks; null before the second look.</param>
/// <param name="LastHit">The look at which the counter was first seen where it stands; null when it did not move since the engine looks.</param>
internal readonly record struct RuleTraffic(double? PacketsPerSecond, DateTimeOffset? LastHit);
