using System.Net;

namespace Net.Platform;

/// <summary>What the kernel would do with a flow.</summary>
public sealed record RouteAnswer
{
    /// <summary>What is done; <see cref="RouteType.Unspecified"/> when there is no route.</summary>
    public required RouteType Type { get; init; }

    /// <summary>Whether a packet would be sent on or delivered.</summary>
    public bool IsReachable => Type is RouteType.Unicast or RouteType.Local or RouteType.Broadcast or RouteType.Anycast or RouteType.Multicast;

    /// <summary>Index of the interface it leaves by (loopback for local delivery); null when it goes nowhere.</summary>
    public int? OutputInterface { get; init; }

    /// <summary>Gateway it is sent to; null when the destination is attached.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Source address the kernel would choose; null when the source was given or there is none.</summary>
    public IPAddress? PreferredSource { get; init; }

    /// <summary>Number of the table the route was found in; 0 when unknown.</summary>
    public uint Table { get; init; }

    /// <summary>The prefix of the route that matched; null when the kernel does not say.</summary>
    public IPNetwork? Prefix { get; init; }

    /// <summary>Metric of the route that matched; 0 when unknown.</summary>
    public uint Metric { get; init; }

    /// <summary>Why it goes nowhere, in a sentence; null when it goes somewhere.</summary>
    public string? Reason { get; init; }

    /// <summary>The kernel's errno; 0 when it answered with a route.</summary>
    public int ErrorNumber { get; init; }
}
