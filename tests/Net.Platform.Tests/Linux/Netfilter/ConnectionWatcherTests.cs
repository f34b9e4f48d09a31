using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Platform.Linux.Netfilter;

namespace Net.Platform.Tests.Linux.Netfilter;

public sealed class ConnectionWatcherTests
{
    private const string Stateful = "table inet netmod { chain input { type filter hook input priority 0; ct state new accept; }; }";

    [Fact]
    public async Task Beginning_update_and_end_are_told()
    {
        using var space = new NetfilterSpace(Stateful);
        using ConnectionTracker tracker = space.Server.In(() => new ConnectionTracker());
        tracker.IsAccounting = true;
        using IConnectionWatcher watcher = tracker.Watch(new ConnectionFilter { DestinationPorts = new ConnectionPorts(8000) });
        (Socket client, _) = space.ConnectTcp(NetfilterSpace.ServerAddress, 8000);

        ConnectionEvent began = await NetfilterSpace.ReadUntilAsync(watcher.Events, _ => true);
        ConnectionEvent updated = await NetfilterSpace.ReadUntilAsync(watcher.Events, item => item.Connection?.State == "ESTABLISHED");
        int removed = tracker.Delete(new ConnectionFilter { Protocol = 6 });
        ConnectionEvent ended = await NetfilterSpace.ReadUntilAsync(watcher.Events, item => item.Kind == ConnectionEventKinds.Destroyed);

        Assert.Equal(1, removed);
        Assert.Equal(ConnectionEventKinds.New, began.Kind);
        Assert.Equal(ConnectionEventKinds.Updated, updated.Kind);
        Assert.Equal(((IPEndPoint)client.LocalEndPoint!).Port, began.Connection!.Original.SourcePort);
        Assert.Equal(began.Connection.Id, ended.Connection!.Id);
        Assert.True(ended.Connection.OriginalCounter is { Packets: > 0 });
        Assert.Equal((0, 0), (watcher.Lost, watcher.Damaged));
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_told()
    {
        using var space = new NetfilterSpace(Stateful);
        using ConnectionTracker tracker = space.Server.In(() => new ConnectionTracker());
        using IConnectionWatcher watcher = tracker.Watch(new ConnectionFilter { Sources = [IPNetwork.Parse("10.9.1.1/32")] }, ConnectionEventKinds.Destroyed);
        Socket server = space.Udp(space.Server, NetfilterSpace.ServerAddressV6, 5000);
        Socket server4 = space.Udp(space.Server, NetfilterSpace.ServerAddress, 5000);
        Socket client6 = space.Udp(space.Client, IPAddress.Parse("fd09::1"), 5001);
        Socket client4 = space.Udp(space.Client, NetfilterSpace.ClientAddress, 5001);
        client6.SendTo("one"u8, new IPEndPoint(NetfilterSpace.ServerAddressV6, 5000));
        server.Receive(new byte[10]);
        client4.SendTo("one"u8, new IPEndPoint(NetfilterSpace.ServerAddress, 5000));
        server4.Receive(new byte[10]);
        int removed = tracker.Delete(new ConnectionFilter { Protocol = 17 });

        ConnectionEvent only = await NetfilterSpace.ReadUntilAsync(watcher.Events, _ => true);

        Assert.Equal(2, removed);
        Assert.Equal(ConnectionEventKinds.Destroyed, only.Kind);
        Assert.Equal(NetfilterSpace.ClientAddress, only.Connection!.Original.Source);
        Assert.False(watcher.Events.TryRead(out _));
    }

    [Fact]
    public async Task A_slow_reader_is_told_that_and_how_much_it_lost()
    {
        const int count = 500;
        const int capacity = 10;
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        using ConnectionTracker tracker = place.In(() => new ConnectionTracker());
        IConnectionWatcher watcher = tracker.Watch(filter: null, ConnectionEventKinds.New, capacity);
        using (NetlinkSocket socket = place.In(() => new NetlinkSocket(NetlinkFamily.Netfilter)))
        {
            ConntrackFiller.Fill(socket, count);
        }

        long seen = 0;
        bool hasOverrun = false;
        while (seen < count)
        {
            ConnectionEvent item = await NetfilterSpace.ReadUntilAsync(watcher.Events, _ => true);
            hasOverrun |= item.Kind == ConnectionEventKinds.Overrun;
            seen += item.Kind == ConnectionEventKinds.Overrun ? item.Lost : 1;
        }

        watcher.Dispose();

        Assert.Equal(count, seen);
        Assert.True(hasOverrun);
        Assert.InRange(watcher.Lost, 1, count);
        await watcher.Events.Completion.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_watcher_ends_from_any_thread_and_more_than_once()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        using ConnectionTracker tracker = place.In(() => new ConnectionTracker());
        IConnectionWatcher watcher = tracker.Watch();

        Parallel.For(0, 4, _ => watcher.Dispose());

        Assert.True(watcher.Events.Completion.IsCompleted);
        Assert.Throws<ArgumentException>(() => tracker.Watch(null, ConnectionEventKinds.None));
    }
}
