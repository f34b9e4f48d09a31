using System.Net;
using System.Net.Sockets;
using Net.Relay.Membership;

namespace Net.Engine.Relay.Membership;

/// <summary>How receivers of one family are watched on an interface, as it stands now.</summary>
internal sealed record QuerierStatus
{
    /// <summary>Index of the interface.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>IPv4 (IGMP) or IPv6 (MLD).</summary>
    public required AddressFamily Family { get; init; }

    /// <summary>Whether this host asks, or who else does.</summary>
    public required QuerierRole Role { get; init; }

    /// <summary>The address of the router whose queries count; null when nobody asks.</summary>
    public IPAddress? Querier { get; init; }

    /// <summary>Groups with receivers.</summary>
    public int Groups { get; init; }

    /// <summary>Whether what is known of receivers is complete; until then every group counts as having some.</summary>
    public bool IsSettled { get; init; }

    /// <summary>What stands in the way, one sentence; null for nothing.</summary>
    public string? Reason { get; init; }
}
