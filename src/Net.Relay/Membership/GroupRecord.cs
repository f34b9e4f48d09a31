using System.Net;

namespace Net.Relay.Membership;

/// <summary>What a host says of one group.</summary>
/// <param name="Kind">The kind of statement.</param>
/// <param name="Group">The group.</param>
/// <param name="Sources">The sources it names, of the group's family; not changed after it was made.</param>
public sealed record GroupRecord(GroupRecordKind Kind, IPAddress Group, IReadOnlyList<IPAddress> Sources)
{
    /// <summary>What an older host's report amounts to: every source is wanted; RFC 9776 section 7.3.2.</summary>
    /// <param name="group">The group.</param>
    /// <returns>The record.</returns>
    public static GroupRecord Joined(IPAddress group) => new(GroupRecordKind.ModeIsExclude, group, []);

    /// <summary>What an older host's leave message amounts to: no source is wanted; RFC 9776 section 7.3.2.</summary>
    /// <param name="group">The group.</param>
    /// <returns>The record.</returns>
    public static GroupRecord Left(IPAddress group) => new(GroupRecordKind.ChangeToInclude, group, []);
}
