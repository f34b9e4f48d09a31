namespace Net.Relay.Membership;

/// <summary>Intervals that follow from the options of the querier whose queries count; RFC 9776 section 8.</summary>
/// <param name="GroupMembership">How long receivers are remembered without a report (8.4).</param>
/// <param name="LastMemberQueryInterval">Time between queries after a leave, and how long hosts may take to answer (8.8).</param>
/// <param name="LastMemberQueryCount">How many such queries (8.9).</param>
/// <param name="OlderHost">How long a host of an older version is taken to be there after its report (8.13).</param>
/// <param name="Robustness">The robustness variable (8.1).</param>
/// <param name="QueryInterval">Time between general queries (8.2).</param>
/// <param name="Version">Version of IGMP or MLD that queries are sent in.</param>
public readonly record struct MembershipTimers(
    TimeSpan GroupMembership,
    TimeSpan LastMemberQueryInterval,
    int LastMemberQueryCount,
    TimeSpan OlderHost,
    int Robustness,
    TimeSpan QueryInterval,
    int Version)
{
    /// <summary>How long after a leave the last receiver is forgotten (8.10).</summary>
    public TimeSpan LastMemberQueryTime => LastMemberQueryInterval * LastMemberQueryCount;
}
