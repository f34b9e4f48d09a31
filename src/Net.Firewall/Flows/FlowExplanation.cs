using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>A verdict with the way to it.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Steps">The rules of the packet's direction in order, up to the one that decided.</param>
public sealed record FlowExplanation(FlowVerdict Verdict, ImmutableArray<FlowStep> Steps);
