using System.Net.Sockets;

namespace Net.Steering;

/// <summary>An uplink the selector may choose.</summary>
public sealed record PathCandidate
{
    /// <summary>The path's name, unique within its family; shown in reasons.</summary>
    public required string Name { get; init; }

    /// <summary>InterNetwork or InterNetworkV6: uplinks are chosen per family.</summary>
    public required AddressFamily Family { get; init; }

    /// <summary>State and its reason.</summary>
    public required PathStatus Status { get; init; }

    /// <summary>Metric of its default route: what the administrator prefers, lower first.</summary>
    public required long Metric { get; init; }

    /// <summary>Smoothed RTT, or null if unknown.</summary>
    public TimeSpan? SmoothedRtt { get; init; }

    /// <summary>Whether it is selected now.</summary>
    public bool IsSelected { get; init; }
}
