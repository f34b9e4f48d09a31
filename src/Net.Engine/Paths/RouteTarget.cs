using System.Net;

namespace Net.Engine.Paths;

/// <summary>Where a route stands in the kernel: at most one program can have a route there.</summary>
/// <param name="Destination">The prefix.</param>
/// <param name="Metric">The metric, as the kernel counts it.</param>
/// <param name="Table">The table.</param>
internal readonly record struct RouteTarget(IPNetwork Destination, uint Metric, uint Table);
