using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Platform.Linux.Netfilter;

namespace Net.Platform.Tests.Linux.Netfilter;

public sealed class ConnectionTrackerTests(ITestOutputHelper output)
{
    private const string Stateful = """
        table inet netmod {
            chain input { type filter hook input priority 0; ct state established,related accept; tcp dport 8000 ct mark set 0x21; accept; }
        }
        table ip nat {
            chain prerouting { type nat hook prerouting priority -100; tcp dport 9000 dnat to 10.9.1.2:8000; }
        }
        """;

    private static readonly ConnectionFilter[] s_filters =
    [
        new ConnectionFilter(),
        new ConnectionFilter { Family = AddressFamily.InterNetwork },
        new ConnectionFilter { Family = AddressFamily.InterNetworkV6 },
        new ConnectionFilter { Protocol = 6 },
        new ConnectionFilter { Protocol = 17, Family = AddressFamily.InterNetworkV6 },
        new ConnectionFilter { Protocol = 1 },
        new ConnectionFilter { Mark = 3 },
        new ConnectionFilter { Mark = 0 },
        new ConnectionFilter { Mark = 2, MarkMask = 2 },
        new ConnectionFilter { State = "time_wait" },
        new ConnectionFilter { State = "UNREPLIED" },
        new ConnectionFilter { RequiredStatus = ConnectionStatus.Assured },
        new ConnectionFilter { RequiredStatus = ConnectionStatus.SeenReply, ExcludedStatus = ConnectionStatus.Assured },
        new ConnectionFilter { ExcludedStatus = ConnectionStatus.SeenReply },
        new ConnectionFilter { Sources = [IPNetwork.Parse("10.0.0.2/32")] },
        new ConnectionFilter { Sources = [IPNetwork.Parse("10.0.0.2/31"), IPNetwork.Parse("fd09::1/128")] },
        new ConnectionFilter { Destinations = [IPNetwork.Parse("198.51.100.1/32")], Protocol = 17, DestinationPorts = new ConnectionPorts(443) },
        new ConnectionFilter { Destinations = [IPNetwork.Parse("fd10::/16")] },
        new ConnectionFilter { Addresses = [IPNetwork.Parse("0.0.0.0/0")] },
        new ConnectionFilter { Addresses = [IPNetwork.Parse("198.51.100.2/32")] },
        new ConnectionFilter { Addresses = [IPNetwork.Parse("192.0.2.0/24")] },
        new ConnectionFilter { SourcePorts = new ConnectionPorts(1100, 1200) },
        new ConnectionFilter { SourcePorts = new ConnectionPorts(1100), Protocol = 6 },
        new ConnectionFilter { Ports = new ConnectionPorts(53) },
        new ConnectionFilter { IsTranslated = false },
        new ConnectionFilter { IsTranslated = true },
        new ConnectionFilter { Zone = 0 },
        new ConnectionFilter { Zone = 5 },
        new ConnectionFilter { Sources = [IPNetwork.Parse("10.0.0.0/8")], Destinations = [IPNetwork.Parse("fd10::/16")] },
    ];

    [Theory]
    [InlineData("10.9.1.2")]
    [InlineData("fd09::2")]
    public void A_real_connection_is_listed_whole(string address)
    {
        using var space = new NetfilterSpace(Stateful);
        using ConnectionTracker tracker = space.Server.In(() => new ConnectionTracker());
        tracker.IsAccounting = true;
        tracker.IsTimestamping = true;
        var server = IPAddress.Parse(address);
        (Socket client, Socket accepted) = space.ConnectTcp(server, 8000);
        client.Send("hello"u8);
        accepted.Receive(new byte[5]);

        TrackedConnection connection = Assert.Single(tracker.List(new ConnectionFilter { Protocol = 6 }));

        var local = (IPEndPoint)client.LocalEndPoint!;
        Assert.True(tracker.IsAccounting && tracker.IsTimestamping);
        Assert.Equal(server.AddressFamily, connection.Family);
        Assert.Equal(new ConnectionTuple(local.Address, server, (ushort)local.Port, 8000), connection.Original);
        Assert.Equal(new ConnectionTuple(server, local.Address, 8000, (ushort)local.Port), connection.Reply);
        Assert.Equal("ESTABLISHED", connection.State);
        Assert.Equal(0x21u, connection.Mark);
        Assert.Equal(0, connection.Zone);
        Assert.NotEqual(0u, connection.Id);
        Assert.True(connection.Status.HasFlag(ConnectionStatus.SeenReply | ConnectionStatus.Assured | ConnectionStatus.Confirmed));
        Assert.False(connection.IsTranslated);
        Assert.True(connection.Timeout > TimeSpan.FromHours(1));
        Assert.True(connection.OriginalCounter is { Packets: >= 3, Bytes: > 100 });
        Assert.True(connection.ReplyCounter is { Packets: >= 2 });
        Assert.True(Math.Abs((DateTimeOffset.UtcNow - connection.StartTime!.Value).TotalMinutes) < 5);
        Assert.Null(connection.EndTime);
        Assert.Null(tracker.Unavailable);
        Assert.Equal(0, tracker.Damaged);
    }

    [Fact]
    public void Translation_shows_in_the_tuple_of_the_answers()
    {
        using var space = new NetfilterSpace(Stateful);
        using ConnectionTracker tracker = space.Server.In(() => new ConnectionTracker());
        Socket listener = space.Keep(space.Server.In(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)));
        listener.Bind(new IPEndPoint(NetfilterSpace.ServerAddress, 8000));
        listener.Listen();
        Socket client = space.Keep(space.Client.In(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)));
        client.Connect(NetfilterSpace.ServerAddress, 9000);

        TrackedConnection connection = Assert.Single(tracker.List(new ConnectionFilter { IsTranslated = true }));

        Assert.Equal(9000, connection.Original.DestinationPort);
        Assert.Equal(8000, connection.Reply.SourcePort);
        Assert.True(connection.Status.HasFlag(ConnectionStatus.DestinationNat));
        Assert.Single(tracker.List(new ConnectionFilter { Ports = new ConnectionPorts(8000) }));
        Assert.Empty(tracker.List(new ConnectionFilter { DestinationPorts = new ConnectionPorts(8000) }));
    }

    [Fact]
    public async Task Datagrams_and_echoes_have_states_too()
    {
        using var space = new NetfilterSpace(Stateful);
        using ConnectionTracker tracker = space.Server.In(() => new ConnectionTracker());
        tracker.IsAccounting = false;
        Socket server = space.Udp(space.Server, NetfilterSpace.ServerAddress, 5000);
        Socket client = space.Udp(space.Client, NetfilterSpace.ClientAddress, 5001);
        client.SendTo("one"u8, new IPEndPoint(NetfilterSpace.ServerAddress, 5000));
        server.Receive(new byte[10]);
        TrackedConnection before = Assert.Single(tracker.List(new ConnectionFilter { Protocol = 17 }));
        server.SendTo("two"u8, new IPEndPoint(NetfilterSpace.ClientAddress, 5001));
        TrackedConnection after = Assert.Single(tracker.List(new ConnectionFilter { Protocol = 17 }));
        using (IcmpEchoProber prober = space.Client.In(() => new IcmpEchoProber()))
        {
            await prober.SendAsync(new EchoRequest { Destination = NetfilterSpace.ServerAddress }, TestContext.Current.CancellationToken);
        }

        TrackedConnection echo = Assert.Single(tracker.List(new ConnectionFilter { Protocol = 1 }));
        IReadOnlyDictionary<(byte Protocol, string State), int> counts = tracker.CountByState();

        Assert.Equal(("UNREPLIED", "REPLIED"), (before.State, after.State));
        Assert.Null(after.OriginalCounter);
        Assert.Null(after.StartTime);
        Assert.Equal(((byte?)8, (byte?)0), (echo.Original.IcmpType, echo.Original.IcmpCode));
        Assert.Equal(((byte?)0, (byte?)0), (echo.Reply.IcmpType, echo.Reply.IcmpCode));
        Assert.Equal(echo.Original.IcmpId, echo.Reply.IcmpId);
        Assert.Equal(0, echo.Original.SourcePort);
        Assert.Equal(1, counts[(17, "REPLIED")]);
        Assert.Equal(1, counts[(1, "REPLIED")]);
        Assert.Equal(counts.Values.Sum(), tracker.Count);
        Assert.True(tracker.Delete(echo));
        Assert.False(tracker.Delete(echo));
    }

    [Fact]
    public void A_removed_connection_is_gone_and_another_in_its_place_stays()
    {
        using var space = new NetfilterSpace(Stateful);
        using ConnectionTracker tracker = space.Server.In(() => new ConnectionTracker());
        Socket server = space.Udp(space.Server, NetfilterSpace.ServerAddress, 5000);
        Socket client = space.Udp(space.Client, NetfilterSpace.ClientAddress, 5001);
        void Exchange()
        {
            client.SendTo("one"u8, new IPEndPoint(NetfilterSpace.ServerAddress, 5000));
            server.Receive(new byte[10]);
        }

        Exchange();
        TrackedConnection first = Assert.Single(tracker.List(new ConnectionFilter { Protocol = 17 }));
        bool isOtherRemoved = tracker.Delete(first with { Id = first.Id ^ 1 });
        bool isRemoved = tracker.Delete(first);
        bool isRemovedAgain = tracker.Delete(first);
        Exchange();
        TrackedConnection second = Assert.Single(tracker.List(new ConnectionFilter { Protocol = 17 }));
        int removed = tracker.Delete(new ConnectionFilter { Id = second.Id });

        Assert.False(isOtherRemoved);
        Assert.True(isRemoved);
        Assert.False(isRemovedAgain);
        Assert.Equal(1, removed);
        Assert.Equal(0, tracker.Delete(new ConnectionFilter { Id = second.Id }));
        Assert.Empty(tracker.List(new ConnectionFilter { Protocol = 17 }));
    }

    [Fact]
    public void A_connection_in_a_zone_is_found_and_removed()
    {
        using var space = new NetfilterSpace("""
            table inet netmod {
                chain zones { type filter hook prerouting priority -300; udp dport 5000 ct zone set 5; }
                chain back { type filter hook output priority -300; udp sport 5000 ct zone set 5; }
                chain input { type filter hook input priority 0; ct state new accept; }
            }
            """);
        using ConnectionTracker tracker = space.Server.In(() => new ConnectionTracker());
        Socket server = space.Udp(space.Server, NetfilterSpace.ServerAddress, 5000);
        Socket client = space.Udp(space.Client, NetfilterSpace.ClientAddress, 5001);
        client.SendTo("one"u8, new IPEndPoint(NetfilterSpace.ServerAddress, 5000));
        server.Receive(new byte[10]);

        TrackedConnection connection = Assert.Single(tracker.List(new ConnectionFilter { Zone = 5 }));

        Assert.Equal(5, connection.Zone);
        Assert.Empty(tracker.List(new ConnectionFilter { Zone = 0, Protocol = 17 }));
        Assert.True(tracker.Delete(connection));
    }

    [Fact]
    public void Every_filter_finds_what_a_reading_of_everything_says()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        using ConnectionTracker tracker = place.In(() => new ConnectionTracker());
        using (NetlinkSocket socket = place.In(() => new NetlinkSocket(NetlinkFamily.Netfilter)))
        {
            ConntrackFiller.Fill(socket, 2000);
        }

        IReadOnlyList<TrackedConnection> all = tracker.List();
        Assert.Equal(2000, all.Count);
        Assert.Equal(2000, tracker.Count);
        Assert.Empty(tracker.Limitations);
        foreach (ConnectionFilter filter in s_filters)
        {
            uint[] expected = [.. all.Where(connection => Fulfils(connection, filter)).Select(connection => connection.Id).Order()];
            uint[] found = [.. tracker.List(filter).Select(connection => connection.Id).Order()];

            Assert.True(expected.AsSpan().SequenceEqual(found), $"{filter}: {found.Length} in place of {expected.Length}");
        }

        Assert.Equal(all.Count(connection => connection.Protocol == 17), tracker.Delete(new ConnectionFilter { Protocol = 17 }));
        Assert.DoesNotContain(tracker.List(), connection => connection.Protocol == 17);
        Assert.Equal(tracker.Count, tracker.Delete(new ConnectionFilter()));
        Assert.Equal(0, tracker.Count);
    }

    [Fact]
    public void Numbers_of_the_table_are_those_of_the_kernel()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        using ConnectionTracker tracker = place.In(() => new ConnectionTracker());
        using (NetlinkSocket socket = place.In(() => new NetlinkSocket(NetlinkFamily.Netfilter)))
        {
            ConntrackFiller.Fill(socket, 300);
        }

        ConnectionTableStatistic statistic = tracker.GetStatistic();
        IReadOnlyDictionary<(byte Protocol, string State), int> counts = tracker.CountByState();

        Assert.Equal(300, statistic.Count);
        Assert.Equal(long.Parse(place.Exec("cat", "/proc/sys/net/netfilter/nf_conntrack_max"), System.Globalization.CultureInfo.InvariantCulture), statistic.Maximum);
        Assert.Equal((75, 75), (counts[(6, "ESTABLISHED")], counts[(6, "TIME_WAIT")]));
        Assert.Equal(300, counts.Values.Sum());
        Assert.Equal(tracker.List().GroupBy(connection => (connection.Protocol, connection.State)).ToDictionary(group => group.Key, group => group.Count()), counts);
    }

    [Theory]
    [InlineData(6, 3, 0, "ESTABLISHED")]
    [InlineData(6, 9, 0, "SYN_SENT2")]
    [InlineData(6, 200, 0, "UNKNOWN")]
    [InlineData(132, 4, 0, "ESTABLISHED")]
    [InlineData(132, 8, 0, "HEARTBEAT_SENT")]
    [InlineData(132, 99, 0, "UNKNOWN")]
    [InlineData(17, 0, 0, "UNREPLIED")]
    [InlineData(17, 0, 2, "REPLIED")]
    [InlineData(47, 3, 6, "ASSURED")]
    public void A_state_has_the_kernels_name(byte protocol, byte state, uint status, string name) => Assert.Equal(name, ConntrackStates.NameOf(protocol, state, status));

    [Fact(Explicit = true)]
    public void A_table_of_100_000_connections_is_listed_in_time()
    {
        const int count = 100_000;
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        using ConnectionTracker tracker = place.In(() => new ConnectionTracker());
        using (NetlinkSocket socket = place.In(() => new NetlinkSocket(NetlinkFamily.Netfilter)))
        {
            Measure("fill", () => ConntrackFiller.Fill(socket, count));
        }

        for (int round = 0; round < 5; round++)
        {
            TimeSpan list = Measure("list all", () => Assert.Equal(count, tracker.List().Count));
            Measure("list UDP", () => Assert.Equal(count / 4, tracker.List(new ConnectionFilter { Protocol = 17 }).Count));
            Measure("list one /32", () => tracker.List(new ConnectionFilter { Sources = [IPNetwork.Parse("10.0.0.2/32")] }));
            Measure("list a /31 (managed)", () => tracker.List(new ConnectionFilter { Sources = [IPNetwork.Parse("10.0.0.2/31")] }));
            Measure("count by state", () => tracker.CountByState());
            Measure("count", () => Assert.Equal(count, tracker.Count));
            Measure("statistic", () => tracker.GetStatistic());
            Assert.True(list < TimeSpan.FromSeconds(1), $"{list}");
        }

        Measure("delete all", () => Assert.Equal(count, tracker.Delete(new ConnectionFilter())));
    }

    private static bool Fulfils(TrackedConnection connection, ConnectionFilter filter)
    {
        IPAddress[] addresses = [connection.Original.Source, connection.Original.Destination, connection.Reply.Source, connection.Reply.Destination];
        ushort[] ports = [connection.Original.SourcePort, connection.Original.DestinationPort, connection.Reply.SourcePort, connection.Reply.DestinationPort];
        bool hasPorts = connection.Protocol is 6 or 17;
        static bool Contains(IReadOnlyList<IPNetwork> prefixes, IPAddress address) => prefixes.Count == 0 || prefixes.Any(prefix => prefix.Contains(address));
        return (filter.Family is null || filter.Family == connection.Family)
            && (filter.Protocol is null || filter.Protocol == connection.Protocol)
            && (filter.Mark is null || (filter.Mark & filter.MarkMask) == (connection.Mark & filter.MarkMask))
            && (filter.State is null || filter.State.Equals(connection.State, StringComparison.OrdinalIgnoreCase))
            && connection.Status.HasFlag(filter.RequiredStatus)
            && (connection.Status & filter.ExcludedStatus) == 0
            && (filter.IsTranslated is null || filter.IsTranslated == connection.IsTranslated)
            && (filter.Zone is null || filter.Zone == connection.Zone)
            && Contains(filter.Sources, connection.Original.Source)
            && Contains(filter.Destinations, connection.Original.Destination)
            && addresses.Any(address => Contains(filter.Addresses, address))
            && (filter.SourcePorts is null || (hasPorts && filter.SourcePorts.Value.Contains(ports[0])))
            && (filter.DestinationPorts is null || (hasPorts && filter.DestinationPorts.Value.Contains(ports[1])))
            && (filter.Ports is null || (hasPorts && ports.Any(port => filter.Ports.Value.Contains(port))));
    }

    private TimeSpan Measure(string what, Action work)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        work();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        output.WriteLine($"{what}: {elapsed.TotalMilliseconds:F1} ms, {(GC.GetAllocatedBytesForCurrentThread() - allocated) / 1024} KiB");
        return elapsed;
    }
}
