namespace Net.Relay.Membership;

/// <summary>A message of IGMP or MLD, whichever its version: what it means is the same in both.</summary>
public sealed record MembershipMessage
{
    /// <summary>What it is.</summary>
    public required MembershipMessageKind Kind { get; init; }

    /// <summary>Version of its protocol: 1 to 3 for IGMP, 1 to 2 for MLD.</summary>
    public required int Version { get; init; }

    /// <summary>The question; null unless <see cref="Kind"/> is a query.</summary>
    public MembershipQuery? Query { get; init; }

    /// <summary>What is said of groups; empty in a query. Reports and leaves of older versions are one record each.</summary>
    public IReadOnlyList<GroupRecord> Records { get; init; } = [];

    /// <summary>Makes a query.</summary>
    /// <param name="version">Version of the protocol.</param>
    /// <param name="query">The question.</param>
    /// <returns>The message.</returns>
    public static MembershipMessage Ask(int version, MembershipQuery query) => new() { Kind = MembershipMessageKind.Query, Version = version, Query = query };

    /// <summary>Makes a report.</summary>
    /// <param name="version">Version of the protocol; before IGMPv3 and MLDv2 it holds one record.</param>
    /// <param name="records">What is reported.</param>
    /// <returns>The message.</returns>
    public static MembershipMessage Tell(int version, params IReadOnlyList<GroupRecord> records) =>
        new() { Kind = MembershipMessageKind.Report, Version = version, Records = records };
}
