namespace Net.Steering;

/// <summary>An uplink as the selector sees it.</summary>
/// <param name="PathId">Its id.</param>
/// <param name="IsIPv6">Which version of IP it carries.</param>
/// <param name="HasRoute">Whether the kernel has a default route over it.</param>
/// <param name="IsLinkUsable">Whether the kernel would send over its link.</param>
/// <param name="RouteMetric">The metric of that route, lower is preferred.</param>
public sealed record UplinkCandidate(string PathId, bool IsIPv6, bool HasRoute, bool IsLinkUsable, long RouteMetric);
