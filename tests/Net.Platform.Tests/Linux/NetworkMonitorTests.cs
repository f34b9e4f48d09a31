using System.Net;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

public sealed class NetworkMonitorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_link_that_is_switched_off_is_heard_of_and_takes_its_routes_along()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        left.Connect("va", right, "vb");
        left.Ip("address add 10.9.1.1/24 dev va");
        left.Ip("route add 10.77.0.0/16 via 10.9.1.2");
        using NetworkMonitor monitor = left.In(() => new NetworkMonitor());
        using NetworkSubscription subscription = monitor.Subscribe();

        left.Ip("link set va down");
        var link = (LinkChange)await NextAsync(subscription, change => change is LinkChange { Current: { Name: "va", IsAdminUp: false } });
        await NextAsync(subscription, change => change is RouteChange { Current: null, Old: var old } && old!.Destination.Equals(IPNetwork.Parse("10.77.0.0/16")));

        Assert.True(link.Old!.IsAdminUp);
        Assert.Equal(NetworkChangeKind.Changed, link.Kind);
        Assert.DoesNotContain(monitor.Snapshot.Routes.Values, route => route.Destination.Equals(IPNetwork.Parse("10.77.0.0/16")));
    }

    [Fact]
    public async Task Routes_rules_addresses_and_neighbours_are_followed()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        left.Connect("va", right, "vb");
        using NetworkMonitor monitor = left.In(() => new NetworkMonitor());
        using NetworkSubscription subscription = monitor.Subscribe();

        left.Ip("address add 10.9.1.1/24 dev va");
        await NextAsync(subscription, change => change is AddressChange { Kind: NetworkChangeKind.Added, Current.PrefixLength: 24 });
        left.Ip("route add 10.77.0.0/16 via 10.9.1.2 metric 7");
        await NextAsync(subscription, change => change is RouteChange { Kind: NetworkChangeKind.Added, Current.Metric: 7 });
        left.Ip("route replace 10.77.0.0/16 via 10.9.1.3 metric 7");
        await NextAsync(subscription, change => change is RouteChange { Kind: NetworkChangeKind.Changed, Old.Metric: 7, Current.Gateway: var gateway }
            && IPAddress.Parse("10.9.1.3").Equals(gateway));
        left.Ip("rule add priority 500 table 1000");
        await NextAsync(subscription, change => change is RuleChange { Kind: NetworkChangeKind.Added, Current.Priority: 500 });
        left.Ip("rule del priority 500 table 1000");
        await NextAsync(subscription, change => change is RuleChange { Kind: NetworkChangeKind.Removed, Old.Priority: 500 });
        left.Ip("neighbour add 10.9.1.7 lladdr 02:00:00:00:00:07 dev va");
        await NextAsync(subscription, change => change is NeighborChange { Kind: NetworkChangeKind.Added, Current.State: NeighborStates.Permanent });
        left.Ip("link set va name other");
        await NextAsync(subscription, change => change is LinkChange { Kind: NetworkChangeKind.Changed, Old.Name: "va", Current.Name: "other" });
        left.Ip("link delete other");
        await NextAsync(subscription, change => change is LinkChange { Kind: NetworkChangeKind.Removed, Old.Name: "other" });

        Assert.Null(monitor.Snapshot.FindLink("other"));
    }

    [Fact]
    public async Task Lost_events_are_made_up_for_by_reading_anew()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        left.Connect("va", right, "vb");
        left.Ip("address add 10.9.1.1/16 dev va");
        using var clock = new HeldClock();
        using NetworkMonitor monitor = left.In(() => new NetworkMonitor(new NetworkMonitorOptions { ReceiveBufferBytes = 2048, TimeProvider = clock }));
        using NetworkSubscription subscription = monitor.Subscribe(capacity: 100_000);
        const int routes = 3000;
        string batch = string.Concat(Enumerable.Range(0, routes).Select(i => $"route add 10.{100 + (i / 250)}.{i % 250}.0/24 via 10.9.1.2\n"));

        // The monitor asks for the time as it publishes: held there, it cannot keep up.
        left.Exec("ip", "-batch -", batch);
        clock.Release();
        var known = new Dictionary<RouteKey, RouteInfo>(subscription.Start.Routes);
        bool isOverrun = false;
        await NextAsync(subscription, change =>
        {
            isOverrun |= change is OverrunChange { MustReadSnapshot: false };
            if (change is RouteChange { Current: { } current })
            {
                known[RouteKey.Of(current)] = current;
            }

            return isOverrun && known.Values.Count(route => route.Destination.PrefixLength == 24) == routes;
        });

        Assert.True(monitor.Overruns > 0);
        Assert.Equal(routes, monitor.Snapshot.Routes.Values.Count(route => route.Destination.PrefixLength == 24));
    }

    [Fact]
    public async Task A_lost_carrier_is_found_by_polling()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        left.Connect("va", right, "vb");
        using NetworkMonitor monitor = left.In(() => new NetworkMonitor());
        using NetworkSubscription subscription = monitor.Subscribe();
        monitor.PollCarrier(["va"]);

        right.Ip("link set vb down");
        await NextAsync(subscription, change => change is LinkChange { Current: { Name: "va", HasCarrier: false, IsAdminUp: true } });

        Assert.False(monitor.Snapshot.FindLink("va")!.IsUsable);
    }

    [Fact]
    public async Task A_slow_reader_is_told_to_read_the_snapshot()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        using NetworkMonitor monitor = place.In(() => new NetworkMonitor());
        using NetworkSubscription slow = monitor.Subscribe(capacity: 2);
        using NetworkSubscription quick = monitor.Subscribe();

        place.Exec("ip", "-batch -", string.Concat(Enumerable.Range(0, 50).Select(i => $"address add 10.8.{i}.1/32 dev lo\n")));
        await NextAsync(quick, change => change is AddressChange { Current.Address: var address } && address.Equals(IPAddress.Parse("10.8.49.1")));

        await NextAsync(slow, change => change is OverrunChange { MustReadSnapshot: true });
    }

    [Fact]
    public async Task Disposing_ends_subscriptions()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        NetworkMonitor monitor = place.In(() => new NetworkMonitor());
        NetworkSubscription subscription = monitor.Subscribe();

        monitor.Dispose();

        await subscription.Changes.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private static async Task<NetworkChange> NextAsync(NetworkSubscription subscription, Func<NetworkChange, bool> isWanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await foreach (NetworkChange change in subscription.Changes.ReadAllAsync(limit.Token))
        {
            if (isWanted(change))
            {
                return change;
            }
        }

        throw new InvalidOperationException("the subscription ended");
    }

    private sealed class HeldClock : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public override long GetTimestamp()
        {
            _released.Wait();
            return base.GetTimestamp();
        }

        public void Release() => _released.Set();

        public void Dispose() => _released.Dispose();
    }
}
