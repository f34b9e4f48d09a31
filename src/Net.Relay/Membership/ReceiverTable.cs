using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Net.Relay.Membership;

/// <summary>The groups with receivers on one link in one family; the router's side of RFC 9776 section 6 and RFC 3810 section 7. Plain logic: reports and time go in, group-specific
/// queries and changes come out. Bounded, so that strangers cannot fill the memory. For one thread.</summary>
/// <param name="family">IPv4 for IGMP, IPv6 for MLD.</param>
/// <param name="maximumGroups">Groups kept at most; reports of further ones are refused and counted.</param>
/// <param name="maximumSources">Sources kept per group at most; a record that would add more counts as a wish for every source.</param>
public sealed class ReceiverTable(AddressFamily family, int maximumGroups = ReceiverTable.DefaultMaximumGroups, int maximumSources = ReceiverTable.DefaultMaximumSources)
{
    /// <summary>Groups kept at most unless said otherwise: more than a /18 of groups, some ten megabytes.</summary>
    public const int DefaultMaximumGroups = 16_384;

    /// <summary>Sources kept per group at most unless said otherwise. Linux lets a host name 10 (IPv4) or 64 (IPv6) per socket.</summary>
    public const int DefaultMaximumSources = 256;

    // IGMP is one version ahead of MLD: its version 2 corresponds to MLDv1.
    private readonly int _latest = family == AddressFamily.InterNetwork ? 3 : 2;
    private readonly Dictionary<IPAddress, ReceiverGroup> _groups = [];
    private readonly List<IPAddress> _changes = [];
    private TimeSpan _nextDue = TimeSpan.MaxValue;

    /// <summary>Number of groups with receivers.</summary>
    public int Count => _groups.Count;

    /// <summary>Reports that were not kept because there are too many groups.</summary>
    public long Refused { get; private set; }

    /// <summary>When <see cref="Advance"/> wants to be called next; <see cref="TimeSpan.MaxValue"/> for never. It may be too early, never too late.</summary>
    public TimeSpan NextDue => _nextDue;

    /// <summary>Whether a group has receivers.</summary>
    /// <param name="group">The group.</param>
    /// <returns>True when at least one host wants at least one source.</returns>
    public bool HasReceivers(IPAddress group) => _groups.ContainsKey(group);

    /// <summary>Whether packets of one source to a group have receivers.</summary>
    /// <param name="group">The group.</param>
    /// <param name="source">The source.</param>
    /// <returns>True when at least one host wants them.</returns>
    public bool HasReceivers(IPAddress group, IPAddress source) => _groups.TryGetValue(group, out ReceiverGroup? found) && found.Wants(source);

    /// <summary>Everything that is known.</summary>
    /// <param name="now">Now.</param>
    /// <returns>A snapshot, in no order.</returns>
    public IReadOnlyList<ReceiverInfo> List(TimeSpan now)
    {
        var list = new List<ReceiverInfo>(_groups.Count);
        foreach (ReceiverGroup group in _groups.Values)
        {
            list.Add(group.Describe(VersionOf(group, now)));
        }

        return list;
    }

    /// <summary>Takes in a report or a leave message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reporter">Who sent it.</param>
    /// <param name="timers">The intervals of the querier that counts.</param>
    /// <param name="isQuerier">Whether this host is that querier.</param>
    /// <param name="now">Now.</param>
    public void Apply(MembershipMessage message, IPAddress reporter, in MembershipTimers timers, bool isQuerier, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(reporter);
        foreach (GroupRecord record in message.Records)
        {
            if (MulticastGroups.IsRouted(record.Group))
            {
                Apply(message, record, reporter, timers, isQuerier, now);
            }
        }
    }

    /// <summary>Takes in another router's query for a group: its timers, and ours, become short.</summary>
    /// <param name="query">The query.</param>
    /// <param name="timers">The intervals of the querier that counts.</param>
    /// <param name="now">Now.</param>
    public void HeardQuery(MembershipQuery query, in MembershipTimers timers, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Group is not null && !query.SuppressRouterProcessing && _groups.TryGetValue(query.Group, out ReceiverGroup? group))
        {
            group.LowerTimers(query.Sources, timers, now);
            Note(group);
        }
    }

    /// <summary>Lets time pass: forgets who fell silent, and gives the queries that are due.</summary>
    /// <param name="timers">The intervals of the querier that counts.</param>
    /// <param name="isQuerier">Whether this host is that querier; otherwise it asks nothing.</param>
    /// <param name="now">Now.</param>
    /// <param name="queries">Where queries are added.</param>
    public void Advance(in MembershipTimers timers, bool isQuerier, TimeSpan now, List<MembershipQuery> queries)
    {
        ArgumentNullException.ThrowIfNull(queries);
        if (now < _nextDue)
        {
            return;
        }

        _nextDue = TimeSpan.MaxValue;
        foreach (ReceiverGroup group in _groups.Values)
        {
            if (group.NextDue <= now)
            {
                group.Advance(now);
                Ask(group, timers, isQuerier, now, queries);
            }

            if (!RemoveIfEmpty(group))
            {
                Note(group);
            }
        }
    }

    /// <summary>The groups that got their first receiver or lost their last one since it was last asked.</summary>
    /// <param name="changes">Where they are added; the same group may come twice.</param>
    public void TakeChanges(List<IPAddress> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        changes.AddRange(_changes);
        _changes.Clear();
    }

    /// <summary>Forgets everything, as after the loss of the interface.</summary>
    public void Clear()
    {
        _changes.AddRange(_groups.Keys);
        _groups.Clear();
        _nextDue = TimeSpan.MaxValue;
    }

    private static void Ask(ReceiverGroup group, in MembershipTimers timers, bool isQuerier, TimeSpan now, List<MembershipQuery> queries)
    {
        if (isQuerier)
        {
            group.TakeQueries(timers, now, queries);
        }
        else
        {
            group.CancelQueries();
        }
    }

    private void Apply(MembershipMessage message, GroupRecord record, IPAddress reporter, in MembershipTimers timers, bool isQuerier, TimeSpan now)
    {
        if (!TryFind(record, now, out ReceiverGroup? group))
        {
            return;
        }

        if (message.Kind == MembershipMessageKind.Report)
        {
            NoteVersion(group, message.Version, timers, now);
            group.Reporter = reporter;
        }

        if (Compatible(message, record, group, now) is (GroupRecordKind kind, IReadOnlyList<IPAddress> sources))
        {
            group.Apply(kind, sources, timers, isQuerier, now);
        }

        if (!RemoveIfEmpty(group))
        {
            Note(group);
        }
    }

    // A record that only takes something away makes no group.
    private bool TryFind(GroupRecord record, TimeSpan now, [NotNullWhen(true)] out ReceiverGroup? group)
    {
        if (_groups.TryGetValue(record.Group, out group))
        {
            return true;
        }

        bool adds = record.Kind is GroupRecordKind.ModeIsExclude or GroupRecordKind.ChangeToExclude
            || (record.Kind != GroupRecordKind.BlockOldSources && record.Sources.Count > 0);
        if (!adds)
        {
            return false;
        }

        if (_groups.Count >= maximumGroups)
        {
            Refused++;
            return false;
        }

        group = new ReceiverGroup(record.Group, now);
        _groups.Add(record.Group, group);
        _changes.Add(record.Group);
        return true;
    }

    private void NoteVersion(ReceiverGroup group, int version, in MembershipTimers timers, TimeSpan now)
    {
        int older = version + (3 - _latest);
        if (older == 1)
        {
            group.Version1Until = now + timers.OlderHost;
        }
        else if (older == 2)
        {
            group.Version2Until = now + timers.OlderHost;
        }
    }

    private int VersionOf(ReceiverGroup group, TimeSpan now) => (group.Version1Until > now ? 1 : group.Version2Until > now ? 2 : 3) - (3 - _latest);

    // RFC 9776 7.3.2: hosts of an older version cannot name sources and do not hear of reports of newer ones, so what would take something from them is not believed.
    private (GroupRecordKind Kind, IReadOnlyList<IPAddress> Sources)? Compatible(MembershipMessage message, GroupRecord record, ReceiverGroup group, TimeSpan now)
    {
        int version = VersionOf(group, now) + (3 - _latest);
        if (version < 3 && record.Kind == GroupRecordKind.BlockOldSources)
        {
            return null;
        }

        if (version == 1 && (message.Kind == MembershipMessageKind.Leave || record.Kind == GroupRecordKind.ChangeToInclude))
        {
            return null;
        }

        if (version < 3 && record.Kind == GroupRecordKind.ChangeToExclude)
        {
            return (record.Kind, []);
        }

        // More sources than are kept: better too many packets than a receiver without any.
        if (record.Kind != GroupRecordKind.BlockOldSources && record.Sources.Count > 0 && group.SourceCount + record.Sources.Count > maximumSources
            && group.SourceCount + record.Sources.Count(source => !group.Knows(source)) > maximumSources)
        {
            return (GroupRecordKind.ModeIsExclude, []);
        }

        if (record.Kind == GroupRecordKind.BlockOldSources && record.Sources.Count > maximumSources)
        {
            return null;
        }

        return (record.Kind, record.Sources);
    }

    private bool RemoveIfEmpty(ReceiverGroup group)
    {
        if (group.HasReceivers)
        {
            return false;
        }

        _groups.Remove(group.Group);
        _changes.Add(group.Group);
        return true;
    }

    private void Note(ReceiverGroup group)
    {
        TimeSpan due = group.NextDue;
        _nextDue = due < _nextDue ? due : _nextDue;
    }
}
