using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Net.Platform;
using Net.Relay.Membership;

namespace Net.Engine.Relay.Membership;

/// <summary>Keeps the relay's group memberships in the kernel, and knows who receives what on interfaces that are watched. Joins are kept when interfaces go down and come up, are
/// deleted and made anew, and when the kernel forgets them. All members may be called from any thread; <see cref="ReceiversChanged"/> is raised outside of the lock.</summary>
internal sealed partial class MembershipManager : IDisposable
{
    /// <summary>How often failed joins are tried again, and how soon after a change of an interface the kernel is asked whether it kept the others.</summary>
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    /// <summary>How often the kernel is asked for what it has in fact joined, without any reason.</summary>
    internal static readonly TimeSpan VerifyInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly IMulticastSockets _sockets;
    private readonly INetworkMonitor _monitor;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly NetworkSubscription _subscription;
    private readonly Task _following;
    private readonly JoinTable _joins;
    private readonly Dictionary<(int InterfaceIndex, AddressFamily Family), WatchedLink> _watched = [];
    private IReadOnlyCollection<QuerierSettings> _settings = [];
    private TimeSpan _nextVerify = VerifyInterval;
    private TimeSpan _nextRetry = TimeSpan.MaxValue;
    private bool _isDisposed;

    /// <summary>Starts with no joins and no watched interfaces.</summary>
    /// <param name="sockets">The kernel's memberships; disposed with this object.</param>
    /// <param name="monitor">Tells of interfaces and addresses.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">Where refusals go.</param>
    public MembershipManager(IMulticastSockets sockets, INetworkMonitor monitor, TimeProvider clock, ILogger logger)
    {
        _sockets = sockets;
        _monitor = monitor;
        _clock = clock;
        _logger = logger;
        _start = clock.GetTimestamp();
        _joins = new JoinTable(sockets);
        _timer = clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _subscription = monitor.Subscribe();
        _following = FollowAsync();
    }

    /// <summary>Raised when groups got their first receiver or lost their last one, and when what is known of an interface's receivers became complete (then with no group of it).
    /// Ask <see cref="HasReceivers"/> for what holds now.</summary>
    public event Action<IReadOnlyList<GroupKey>>? ReceiversChanged;

    /// <summary>All joins and all receivers, by interface and group.</summary>
    public IReadOnlyList<GroupStatus> Groups
    {
        get
        {
            lock (_gate)
            {
                List<GroupStatus> groups = _joins.List();
                TimeSpan now = Now;
                DateTimeOffset wall = _clock.GetUtcNow();
                foreach (((int index, _), WatchedLink link) in _watched)
                {
                    groups.AddRange(link.Router.Table.List(now).Select(receiver => Describe(index, receiver, wall - now)));
                }

                groups.Sort(GroupOrder.Compare);
                return groups;
            }
        }
    }

    /// <summary>How each watched interface is asked.</summary>
    public IReadOnlyList<QuerierStatus> Queriers
    {
        get
        {
            lock (_gate)
            {
                TimeSpan now = Now;
                return [.. _watched.OrderBy(pair => pair.Key).Select(pair => pair.Value.Describe(now))];
            }
        }
    }

    private TimeSpan Now => _clock.GetElapsedTime(_start);

    /// <summary>Says which groups shall be joined; what is no longer among them is left. What the kernel refuses is tried again, and its reason is in <see cref="Groups"/>.</summary>
    /// <param name="joins">All joins of all rules; the same one may come twice. A join of all sources includes those of single ones of the same group.</param>
    public void SetJoins(IReadOnlyCollection<GroupJoin> joins)
    {
        ArgumentNullException.ThrowIfNull(joins);
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _joins.Set(joins, _monitor.Snapshot, _clock.GetUtcNow());
            AfterJoins();
            Schedule();
        }
    }

    /// <summary>Says which interfaces are watched; what is known of an interface whose settings stay is kept.</summary>
    /// <param name="queriers">One for each interface. Those whose options cannot be used are left out, with a warning in the log.</param>
    public void SetQueriers(IReadOnlyCollection<QuerierSettings> queriers)
    {
        ArgumentNullException.ThrowIfNull(queriers);
        List<GroupKey> changes = [];
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            foreach (QuerierSettings settings in queriers)
            {
                if (settings.Options.FindProblem() is string problem)
                {
                    Log.QuerierRefused(_logger, settings.InterfaceIndex, problem);
                }
            }

            _settings = [.. queriers.Where(settings => settings.Options.FindProblem() is null).DistinctBy(settings => settings.InterfaceIndex)];
            Watch(changes);
            Advance(changes);
        }

        Raise(changes);
    }

    /// <summary>Whether a group has receivers on an interface. An interface that is not watched, or whose receivers are not all known yet, or where nobody asks, counts as having some:
    /// a stream is never stopped because of ignorance.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="group">The group.</param>
    /// <returns>False only when it is certain that no host on the link wants it.</returns>
    public bool HasReceivers(int interfaceIndex, IPAddress group)
    {
        ArgumentNullException.ThrowIfNull(group);
        lock (_gate)
        {
            if (!MulticastGroups.IsRouted(group) || !_watched.TryGetValue((interfaceIndex, group.AddressFamily), out WatchedLink? link))
            {
                return true;
            }

            return link.Router.Table.HasReceivers(group) || !link.IsCertain(Now);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            foreach (WatchedLink link in _watched.Values)
            {
                link.Dispose();
            }

            _watched.Clear();
        }

        _timer.Dispose();
        _subscription.Dispose();
        _following.GetAwaiter().GetResult();
        _sockets.Dispose();
    }

    private static GroupStatus Describe(int interfaceIndex, ReceiverInfo receiver, DateTimeOffset origin) => new()
    {
        InterfaceIndex = interfaceIndex,
        Group = receiver.Group,
        Role = GroupRole.Receiver,
        Sources = receiver.IsAnySource ? [] : receiver.Included,
        ExcludedSources = receiver.IsAnySource ? receiver.Excluded : [],
        Since = origin + receiver.Since,
        Reporter = receiver.Reporter.Equals(IPAddress.Any) ? null : receiver.Reporter,
        Expires = origin + receiver.Expires,
    };

    private async Task FollowAsync()
    {
        await foreach (NetworkChange change in _subscription.Changes.ReadAllAsync().ConfigureAwait(false))
        {
            switch (change)
            {
                case LinkChange link:
                    Follow(link, (link.Current ?? link.Old)?.Index);
                    break;
                case AddressChange address:
                    Follow(null, (address.Current ?? address.Old)?.InterfaceIndex);
                    break;
                case OverrunChange:
                    Follow(null, null);
                    break;
                default:
                    // Routes and neighbours do not matter here.
                    break;
            }
        }
    }

    private void Follow(LinkChange? link, int? interfaceIndex)
    {
        List<GroupKey> changes = [];
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            NetworkSnapshot snapshot = _monitor.Snapshot;
            if (link is { Current: null, Old: { } gone })
            {
                // Its index may come back as another interface: what sockets hold for the old one would stand in the way.
                _joins.Forget(gone.Index);
                Unwatch(gone.Index, changes);
            }

            // It may be up again by now: that it was down is known from the change alone.
            if (link?.Current is { IsUsable: false } down)
            {
                MarkDown(down.Index);
            }

            // The kernel keeps memberships of an interface that only went down; it forgets them in other cases, so it is asked.
            _joins.Repair(snapshot, interfaceIndex, _clock.GetUtcNow());
            AfterJoins();
            Watch(changes);
            Advance(changes);
        }

        Raise(changes);
    }

    private void Tick()
    {
        List<GroupKey> changes = [];
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            TimeSpan now = Now;
            if (now >= _nextVerify || now >= _nextRetry)
            {
                _nextVerify = now >= _nextVerify ? now + VerifyInterval : _nextVerify;
                _joins.Repair(_monitor.Snapshot, null, _clock.GetUtcNow());
                AfterJoins();
                Watch(changes);
            }

            Advance(changes);
        }

        Raise(changes);
    }

    private void AfterJoins()
    {
        foreach (GroupStatus failed in _joins.TakeNews())
        {
            if (failed.Reason is null)
            {
                Log.Joined(_logger, failed.Group, failed.InterfaceIndex);
            }
            else
            {
                Log.JoinFailed(_logger, failed.Group, failed.InterfaceIndex, failed.Reason);
            }
        }

        _nextRetry = _joins.HasFailures ? Now + RetryInterval : TimeSpan.MaxValue;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A subscriber's fault must not end the thread that hears reports, nor the process with it.")]
    private void Raise(List<GroupKey> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        try
        {
            ReceiversChanged?.Invoke([.. changes.Distinct()]);
        }
        catch (Exception exception)
        {
            Log.SubscriberFailed(_logger, exception);
        }
    }

    // Event ids are part of the contract with log collectors: never renumber, never reuse.
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Group {Group} could not be joined on interface {InterfaceIndex}: {Reason}", EventName = "GroupJoinFailed")]
        public static partial void JoinFailed(ILogger logger, IPAddress group, int interfaceIndex, string reason);

        [LoggerMessage(2, LogLevel.Information, "Group {Group} is joined on interface {InterfaceIndex} again.", EventName = "GroupJoined")]
        public static partial void Joined(ILogger logger, IPAddress group, int interfaceIndex);

        [LoggerMessage(3, LogLevel.Warning, "Receivers on interface {InterfaceIndex} cannot be watched: {Reason}", EventName = "QuerierRefused")]
        public static partial void QuerierRefused(ILogger logger, int interfaceIndex, string reason);

        [LoggerMessage(5, LogLevel.Error, "A change of receivers could not be dealt with.", EventName = "ReceiversChangeFailed")]
        public static partial void SubscriberFailed(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Warning, "Router {Router} on interface {InterfaceIndex} asks for receivers in version {Version}: all routers of a link must be set to the same version.", EventName = "OlderQuerierHeard")]
        public static partial void OlderQuerier(ILogger logger, IPAddress? router, int interfaceIndex, int version);
    }
}
