using System.Net;

namespace Net.Platform;

/// <summary>One of several next hops of a route.</summary>
public sealed record RouteNextHop
{
    /// <summary>The gateway; null when the destination is on the link.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Index of the interface packets leave by.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>Share of the flows, 1 to 256.</summary>
    public int Weight { get; init; } = 1;
}
