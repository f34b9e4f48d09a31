namespace Net.Relay.Membership;

/// <summary>Intervals and versions of the querier of one interface. Names and defaults are those of RFC 9776 section 8 (IGMPv3) and RFC 3810 section 9 (MLDv2).</summary>
public sealed record QuerierOptions
{
    /// <summary>The version of IGMP to ask in: 3, or 2 where an older router or snooping switch needs it. Hosts of older versions are understood either way.</summary>
    public int IgmpVersion { get; init; } = 3;

    /// <summary>The version of MLD to ask in: 2 or 1.</summary>
    public int MldVersion { get; init; } = 2;

    /// <summary>Time between general queries; 8.2. At most 31,744 s, the largest that the message can carry.</summary>
    public TimeSpan QueryInterval { get; init; } = TimeSpan.FromSeconds(125);

    /// <summary>How long hosts may take to answer a general query; 8.3. Shorter than the query interval.</summary>
    public TimeSpan QueryResponseInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many packets in a row may be lost, plus one: 2 to 7; 8.1.</summary>
    public int Robustness { get; init; } = 2;

    /// <summary>How long hosts may take to answer when one has left, and the time between those queries; 8.8.</summary>
    public TimeSpan LastMemberQueryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Says what is wrong with these options.</summary>
    /// <returns>One sentence; null when they can be used.</returns>
    public string? FindProblem()
    {
        if (IgmpVersion is not (2 or 3))
        {
            return "The IGMP version of a querier is 2 or 3.";
        }

        if (MldVersion is not (1 or 2))
        {
            return "The MLD version of a querier is 1 or 2.";
        }

        if (Robustness is < 2 or > 7)
        {
            return "The robustness of a querier is 2 to 7.";
        }

        if (QueryInterval < TimeSpan.FromSeconds(1) || QueryInterval > TimeSpan.FromSeconds(MembershipTimeCode.Largest8))
        {
            return "The query interval is 1 second to 31,744 seconds.";
        }

        if (QueryResponseInterval < TimeSpan.FromMilliseconds(100) || QueryResponseInterval >= QueryInterval)
        {
            return "The query response interval is 0.1 seconds or more, and shorter than the query interval.";
        }

        return LastMemberQueryInterval < TimeSpan.FromMilliseconds(100) || LastMemberQueryInterval > TimeSpan.FromSeconds(25)
            ? "The last member query interval is 0.1 to 25 seconds."
            : null;
    }
}
