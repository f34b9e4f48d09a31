using System.Net;
using Net.Relay.Membership;

namespace Net.Engine.Relay.Membership;

/// <summary>How receivers are watched on an interface. An interface without settings is not watched, and counts as having receivers for every group.</summary>
internal sealed record QuerierSettings
{
    /// <summary>Index of the interface.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>Whether to ask: take part in the election and send queries when it is won. False only listens to what another router's queries bring.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Intervals, robustness and versions; defaults of RFC 9776 section 8.</summary>
    public QuerierOptions Options { get; init; } = new();

    /// <summary>The IPv4 address to ask from; null for the interface's first one. IPv6 asks from the link-local address, as RFC 3810 section 5 demands.</summary>
    public IPAddress? Address { get; init; }
}
