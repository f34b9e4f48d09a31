using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>A route the configuration owns. The engine keeps it in the kernel.</summary>
public sealed record NetPathRoute
{
    /// <summary>The name, unique without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The prefix it leads to; <c>0.0.0.0/0</c> or <c>::/0</c> for everything.</summary>
    public required AddressRange DestinationPrefix { get; init; }

    /// <summary>The next hop's address; null for a prefix on the link itself.</summary>
    public string? NextHop { get; set; }

    /// <summary>The interface it leaves by; null to let the next hop decide.</summary>
    public string? InterfaceAlias { get; set; }

    /// <summary>The metric, lower is preferred; null for the kernel's default.</summary>
    public long? RouteMetric { get; set; }

    /// <summary>The kernel's routing table; null for the main one, 254.</summary>
    public int? Table { get; set; }

    /// <summary>What the route is for, in the user's words, or null.</summary>
    public string? Description { get; set; }

    /// <summary>What the kernel has of it; null in a document.</summary>
    public RouteState? State { get; set; }

    /// <summary>Why the state is what it is; null in a document.</summary>
    public string? StateReason { get; set; }
}

/// <summary>What the kernel has of a route.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RouteState>))]
public enum RouteState
{
    /// <summary>It is in the kernel's table.</summary>
    Installed,

    /// <summary>It waits for its interface or next hop.</summary>
    Waiting,

    /// <summary>The kernel refused it.</summary>
    Failed,
}
