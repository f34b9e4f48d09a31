using System.Collections.Immutable;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.RtnetlinkApi;

namespace Net.Platform.Linux;

/// <summary>Follows links, addresses, routes, rules and neighbours through rtnetlink multicast, in the network namespace of the thread
/// that makes it. One thread of its own waits in poll(); it costs nothing while nothing happens.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class NetworkMonitor : INetworkMonitor
{
    // After this many datagrams the loop looks at its other duties, however fast events come.
    private const int DatagramsPerTurn = 1000;

    // How long to wait before reading anew when reading failed.
    private const int RetryMilliseconds = 100;

    private static readonly int[] Groups =
    [
        RTNLGRP_LINK, RTNLGRP_NEIGH, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV6_RULE,
    ];

    private readonly NetworkMonitorOptions _options;
    private readonly RouteNetlink _state = new();
    private readonly NetlinkSocket _events;
    private readonly EthtoolSocket _ethtool = new();
    private readonly Wakeup _wakeup = new();
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly NetworkTracker _tracker;
    private ImmutableList<NetworkSubscription> _subscriptions = [];
    private volatile string[] _polled = [];
    private volatile bool _stop;

    /// <summary>Reads everything once and starts to follow.</summary>
    /// <param name="options">How; null for the defaults.</param>
    public NetworkMonitor(NetworkMonitorOptions? options = null)
    {
        _options = options ?? new NetworkMonitorOptions();
        _events = new NetlinkSocket(NetlinkFamily.Route, _options.ReceiveBufferBytes);
        foreach (int group in Groups)
        {
            _events.Join(group);
        }

        // Joined before read: what happens in between comes as an event, at worst twice.
        _tracker = new NetworkTracker(_state.GetSnapshot());
        _thread = new Thread(Follow) { IsBackground = true, Name = "netlink events" };
        _thread.Start();
    }

    /// <inheritdoc />
    public NetworkSnapshot Snapshot => _tracker.Snapshot;

    /// <summary>How often events were lost and everything was read anew.</summary>
    public long Overruns { get; private set; }

    /// <inheritdoc />
    public NetworkSubscription Subscribe(int capacity = 4096)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop, this);
            var subscription = new NetworkSubscription(_tracker.Snapshot, capacity, Unsubscribe);
            _subscriptions = _subscriptions.Add(subscription);
            return subscription;
        }
    }

    /// <inheritdoc />
    public void PollCarrier(IReadOnlyCollection<string> interfaceNames)
    {
        ArgumentNullException.ThrowIfNull(interfaceNames);
        _polled = [.. interfaceNames];
        _wakeup.Signal();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_stop)
        {
            return;
        }

        _stop = true;
        _wakeup.Signal();
        _thread.Join();
        lock (_gate)
        {
            _subscriptions.ForEach(subscription => subscription.Complete());
            _subscriptions = [];
        }

        _events.Dispose();
        _state.Dispose();
        _ethtool.Dispose();
        _wakeup.Dispose();
    }

    private void Unsubscribe(NetworkSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = _subscriptions.Remove(subscription);
        }
    }

    private void Follow()
    {
        bool mustReread = false;
        long nextPoll = 0;
        while (!_stop)
        {
            Wait(mustReread, nextPoll);
            mustReread |= Drain();
            try
            {
                mustReread = mustReread ? Reread() : RefreshStale();
            }
            catch (NetlinkException)
            {
                // Out of kernel memory, or the dump itself overran: try again soon rather than be wrong.
                mustReread = true;
            }

            string[] polled = _polled;
            if (polled.Length > 0 && Environment.TickCount64 >= nextPoll)
            {
                Publish(_tracker.ApplyCarriers(polled, _ethtool.HasCarrier));
                nextPoll = Environment.TickCount64 + (long)_options.CarrierPollInterval.TotalMilliseconds;
            }
        }
    }

    private void Wait(bool mustReread, long nextPoll)
    {
        int timeout = mustReread ? RetryMilliseconds : -1;
        if (_polled.Length > 0)
        {
            int untilPoll = (int)Math.Clamp(nextPoll - Environment.TickCount64, 0, int.MaxValue);
            timeout = timeout < 0 ? untilPoll : Math.Min(timeout, untilPoll);
        }

        Libc.pollfd* descriptors = stackalloc Libc.pollfd[2];
        descriptors[0] = new Libc.pollfd { fd = _events.Descriptor.Number, events = Libc.POLLIN };
        descriptors[1] = new Libc.pollfd { fd = _wakeup.Descriptor.Number, events = Libc.POLLIN };
        if (Libc.poll(descriptors, 2, timeout) > 0 && descriptors[1].revents != 0)
        {
            _wakeup.Clear();
        }
    }

    /// <summary>Takes what is queued.</summary>
    /// <returns>Whether something was lost.</returns>
    private bool Drain()
    {
        bool isOverrun = false;
        for (int i = 0; i < DatagramsPerTurn; i++)
        {
            NetlinkReceiveStatus status;
            NetlinkMessageReader messages;
            try
            {
                status = _events.Receive(out messages);
            }
            catch (NetlinkException)
            {
                return true;
            }

            if (status == NetlinkReceiveStatus.Empty)
            {
                break;
            }

            isOverrun |= status == NetlinkReceiveStatus.Overrun;

            // Once something is lost, what is still queued is older than the reading to come.
            if (status == NetlinkReceiveStatus.Data && !isOverrun)
            {
                Publish(_tracker.Apply(messages));
            }
        }

        return isOverrun;
    }

    private bool Reread()
    {
        Overruns++;
        NetworkSnapshot actual = _state.GetSnapshot();
        Publish([new OverrunChange(MustReadSnapshot: false), .. _tracker.Replace(actual)]);
        return false;
    }

    private bool RefreshStale()
    {
        if (_tracker.AreRoutesStale)
        {
            Publish(_tracker.ReplaceRoutes(_state.GetRoutes()));
        }

        if (_tracker.AreRulesStale)
        {
            Publish(_tracker.ReplaceRules(_state.GetRules()));
        }

        return false;
    }

    private void Publish(IReadOnlyList<NetworkChange> changes)
    {
        long now = _options.TimeProvider.GetTimestamp();
        lock (_gate)
        {
            // Snapshot and subscribers move together, so that a new subscriber misses nothing and sees nothing twice.
            _tracker.Commit();
            foreach (NetworkChange change in changes)
            {
                NetworkChange stamped = change with { Timestamp = now };
                foreach (NetworkSubscription subscription in _subscriptions)
                {
                    subscription.Publish(stamped);
                }
            }
        }
    }
}
