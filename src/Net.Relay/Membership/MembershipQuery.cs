using System.Net;

namespace Net.Relay.Membership;

/// <summary>A question for receivers: of all groups, of one group, or of some sources of one group.</summary>
public sealed record MembershipQuery
{
    /// <summary>The group that is asked for; null in a general query.</summary>
    public IPAddress? Group { get; init; }

    /// <summary>How long hosts may take to answer. Zero in IGMPv1, where 10 s are meant.</summary>
    public TimeSpan MaxResponseTime { get; init; }

    /// <summary>The S flag: other routers shall not shorten their timers because of it. Only in IGMPv3 and MLDv2.</summary>
    public bool SuppressRouterProcessing { get; init; }

    /// <summary>The querier's robustness variable; 0 when it did not say. Only in IGMPv3 and MLDv2.</summary>
    public int Robustness { get; init; }

    /// <summary>The querier's query interval; zero when it did not say. Only in IGMPv3 and MLDv2.</summary>
    public TimeSpan QueryInterval { get; init; }

    /// <summary>The sources that are asked for; empty for all.</summary>
    public IReadOnlyList<IPAddress> Sources { get; init; } = [];
}
