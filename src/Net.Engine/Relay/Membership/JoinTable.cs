using System.Net;
using Net.Platform;

namespace Net.Engine.Relay.Membership;

/// <summary>The joins that are wanted, and what came of each. Its owner's lock guards it.</summary>
/// <param name="sockets">The kernel's memberships; not owned.</param>
internal sealed class JoinTable(IMulticastSockets sockets)
{
    private readonly Dictionary<GroupJoin, Entry> _entries = [];
    private readonly List<GroupStatus> _news = [];

    /// <summary>Whether a join is not in the kernel that could be: one whose interface exists.</summary>
    public bool HasFailures { get; private set; }

    /// <summary>Says what is wanted.</summary>
    /// <param name="joins">All joins.</param>
    /// <param name="snapshot">The interfaces.</param>
    /// <param name="time">Now.</param>
    public void Set(IReadOnlyCollection<GroupJoin> joins, NetworkSnapshot snapshot, DateTimeOffset time)
    {
        // A socket cannot both want every source and name some; who hears all needs no names.
        HashSet<GroupKey> everySource = [.. joins.Where(join => join.Source is null).Select(KeyOf)];
        HashSet<GroupJoin> wanted = [.. joins.Where(join => join.Source is null || !everySource.Contains(KeyOf(join)))];

        // New ones first: a group that changes from one source to all keeps its membership throughout.
        foreach (GroupJoin join in wanted)
        {
            if (_entries.TryAdd(join, new Entry(time)))
            {
                Try(join, snapshot, time);
            }
        }

        foreach ((GroupJoin join, Entry entry) in _entries)
        {
            if (!wanted.Contains(join))
            {
                if (entry.IsJoined)
                {
                    sockets.Leave(join);
                }

                _entries.Remove(join);
            }
        }

        Count(snapshot);
    }

    /// <summary>Forgets what was joined on an interface that is gone, so that it is joined anew when an interface of that index comes.</summary>
    /// <param name="interfaceIndex">Its index.</param>
    public void Forget(int interfaceIndex)
    {
        foreach ((GroupJoin join, Entry entry) in _entries)
        {
            if (join.InterfaceIndex == interfaceIndex && entry.IsJoined)
            {
                sockets.Leave(join);
                entry.IsJoined = false;
                entry.Reason = Gone;
            }
        }
    }

    /// <summary>Joins what failed before, and what the kernel has lost.</summary>
    /// <param name="snapshot">The interfaces.</param>
    /// <param name="interfaceIndex">The one interface to look at; null for all.</param>
    /// <param name="time">Now.</param>
    public void Repair(NetworkSnapshot snapshot, int? interfaceIndex, DateTimeOffset time)
    {
        // Most interfaces that change have no joins: the kernel's table, which may be long, is not read for them.
        if (interfaceIndex is int one && !_entries.Keys.Any(join => join.InterfaceIndex == one))
        {
            return;
        }

        IReadOnlySet<GroupKey>? kernel = _entries.Values.Any(entry => entry.IsJoined) ? sockets.ReadKernelGroups() : null;
        foreach ((GroupJoin join, Entry entry) in _entries)
        {
            if (interfaceIndex is int only && join.InterfaceIndex != only)
            {
                continue;
            }

            if (entry.IsJoined && (!snapshot.Links.ContainsKey(join.InterfaceIndex) || (kernel is not null && !kernel.Contains(KeyOf(join)))))
            {
                // The socket still believes in it and would refuse to join again.
                sockets.Leave(join);
                entry.IsJoined = false;
                entry.Reason = "The kernel had lost the membership.";
            }

            if (!entry.IsJoined)
            {
                Try(join, snapshot, time);
            }
        }

        Count(snapshot);
    }

    /// <summary>Joins whose outcome is another than before: failed with another reason, or in the kernel again after they had failed.</summary>
    /// <returns>Each once.</returns>
    public IReadOnlyList<GroupStatus> TakeNews()
    {
        GroupStatus[] news = [.. _news];
        _news.Clear();
        return news;
    }

    /// <summary>One line for each group of an interface, with the sources that are joined by name.</summary>
    /// <returns>A new list.</returns>
    public List<GroupStatus> List() =>
    [
        .. _entries.GroupBy(pair => KeyOf(pair.Key)).Select(group => new GroupStatus
        {
            InterfaceIndex = group.Key.InterfaceIndex,
            Group = group.Key.Group,
            Role = GroupRole.Joined,
            Sources = [.. group.Select(pair => pair.Key.Source).OfType<IPAddress>().Order(GroupOrder.Addresses)],
            Since = group.Min(pair => pair.Value.Since),
            Reason = group.Select(pair => pair.Value.Reason).FirstOrDefault(reason => reason is not null),
        }),
    ];

    private const string Gone = "The interface does not exist.";

    private static GroupKey KeyOf(GroupJoin join) => new(join.InterfaceIndex, join.Group);

    private void Try(GroupJoin join, NetworkSnapshot snapshot, DateTimeOffset time)
    {
        Entry entry = _entries[join];
        string? before = entry.Reason;
        entry.Reason = snapshot.Links.ContainsKey(join.InterfaceIndex) ? sockets.Join(join) : Gone;
        entry.IsJoined = entry.Reason is null;
        entry.Since = entry.IsJoined ? time : entry.Since;
        if (entry.Reason != before)
        {
            _news.Add(new GroupStatus { InterfaceIndex = join.InterfaceIndex, Group = join.Group, Role = GroupRole.Joined, Since = entry.Since, Reason = entry.Reason });
        }
    }

    private void Count(NetworkSnapshot snapshot) =>
        HasFailures = _entries.Any(pair => !pair.Value.IsJoined && snapshot.Links.ContainsKey(pair.Key.InterfaceIndex));

    /// <summary>What came of a join.</summary>
    private sealed class Entry(DateTimeOffset since)
    {
        /// <summary>Since when it is joined, or wanted.</summary>
        public DateTimeOffset Since { get; set; } = since;

        /// <summary>Whether it is in the kernel as far as we know.</summary>
        public bool IsJoined { get; set; }

        /// <summary>Why not.</summary>
        public string? Reason { get; set; }
    }
}
