using Net.Contracts;

namespace Net.Service.Tests.Relay;

/// <summary>What leaves is what the rule says, whichever engine moves the packets: one suite for all of them.</summary>
public sealed class RelayRewriteTests(RelayLab lab) : IClassFixture<RelayLab>, IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<RelayEngine> Engines => [RelayEngine.Xdp, RelayEngine.Tcx, RelayEngine.Packet, RelayEngine.Socket];

    // The socket engine keeps no headers.
    public static TheoryData<RelayEngine> FrameEngines => [RelayEngine.Xdp, RelayEngine.Tcx, RelayEngine.Packet];

    public static TheoryData<RelayEngine> WorkerEngines => [RelayEngine.Packet, RelayEngine.Socket];

    public async ValueTask InitializeAsync()
    {
        TestHost.RequireRoot();

        // XDP sees packets before the sender's device made their checksums; a veth never makes them unless it is told so.
        await lab.Source.ExecAsync("ethtool", ["-K", "eth0", "tx", "off"], cancellationToken: Token);

        // A veth takes what XDP sends to it only while its own receiving side polls, which GRO makes it do.
        foreach (int number in new[] { 1, 2, 3 })
        {
            await lab.Sink(number).ExecAsync("ethtool", ["-K", "eth0", "gro", "on"], cancellationToken: Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (lab.Client is not null)
        {
            await lab.RemoveAllAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Three_outputs_each_leave_as_the_rule_says(RelayEngine engine)
    {
        RelaySocket source = lab.Open(lab.Source);
        RelaySocket[] sinks = [.. Enumerable.Range(1, 3).Select(number => lab.Open(lab.Sink(number)))];
        await lab.CreateAsync(RelayLab.Rule(
            "three", "239.1.1.1", 5000,
            new RelayOutput { InterfaceAlias = "out1", Destination = "239.2.1.1", Port = 6001, Ttl = 5, Source = "interface" },
            new RelayOutput { InterfaceAlias = "out2", Destination = "239.2.1.2", Port = 6002, Ttl = 6, Source = "interface", SourcePort = 7002 },
            new RelayOutput { InterfaceAlias = "out3", Destination = "239.2.1.3", Ttl = 7, Source = "10.4.0.1", Dscp = 46 }) with { Engine = engine });
        RelayRule rule = await lab.RuleAsync("three");

        RelayArrival one = await RelayLab.PassAsync(source, sinks[0], "239.1.1.1", 5000);
        RelayArrival two = await RelayLab.PassAsync(source, sinks[1], "239.1.1.1", 5000);
        RelayArrival three = await RelayLab.PassAsync(source, sinks[2], "239.1.1.1", 5000);

        Assert.Equal(engine, rule.EngineInUse);
        Assert.Equal(("10.2.0.1", "239.2.1.1", 6001, 5, true, "01005E020101"), (one.Source, one.Destination, one.Port, one.Ttl, one.IsIntact, one.DestinationMac));
        Assert.Equal(("10.3.0.1", 7002, "239.2.1.2", 6002, 6, true), (two.Source, two.SourcePort, two.Destination, two.Port, two.Ttl, two.IsIntact));
        Assert.Equal(("10.4.0.1", "239.2.1.3", 5000, 7, 46, true), (three.Source, three.Destination, three.Port, three.Ttl, three.Dscp, three.IsIntact));
        RelayStatistic counted = await lab.StatisticAsync("three", statistic => statistic.Packets >= 3 && statistic.Outputs.All(output => output.Packets == statistic.Packets));
        Assert.All(counted.Outputs, output => Assert.True(output.Bytes > 0));
        Assert.NotNull(counted.LastSeen);
    }

    [Theory]
    [MemberData(nameof(FrameEngines))]
    public async Task Source_and_port_stay_and_the_ttl_is_counted_down(RelayEngine engine)
    {
        RelaySocket source = lab.Open(lab.Source);
        RelaySocket sink = lab.Open(lab.Sink(1));
        await lab.CreateAsync(RelayLab.Rule("keep", "239.1.1.2", 5001, new RelayOutput { InterfaceAlias = "out1" }) with { Engine = engine });
        await lab.RuleAsync("keep");

        RelayArrival arrival = await RelayLab.PassAsync(source, sink, "239.1.1.2", 5001, ttl: 9);

        Assert.Equal(("10.1.0.2", source.Port, "239.1.1.2", 5001, 8, true), (arrival.Source, arrival.SourcePort, arrival.Destination, arrival.Port, arrival.Ttl, arrival.IsIntact));
        source.Send("239.1.1.2", 5001, "last hop", ttl: 1);
        await lab.StatisticAsync("keep", statistic => statistic.Drops.Ttl + statistic.Outputs[0].Drops.Ttl == 1);
        Assert.DoesNotContain(sink.Arrivals(), one => one.Payload == "last hop");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_source_that_may_not_inject_is_dropped_and_counted(RelayEngine engine)
    {
        RelaySocket source = lab.Open(lab.Source);
        RelaySocket sink = lab.Open(lab.Sink(1));
        await lab.CreateAsync(RelayLab.Rule("allowed", "239.1.1.3", 5002, new RelayOutput { InterfaceAlias = "out1", Ttl = 3, Source = "interface" })
            with { Engine = engine, AllowedSources = [AddressRange.Parse("10.1.0.77")] });
        await lab.RuleAsync("allowed");

        await Wait.UntilAsync("a drop for its source", async () =>
        {
            source.Send("239.1.1.3", 5002, "intruder");
            RelayStatistic[] all = await lab.Client.CallAsync(EngineApi.RelayListStatistics, new ListRelayStatistics(["allowed"]), Token);
            return (all[0].Drops.Source + all[0].Outputs[0].Drops.Source > 0, all[0].Drops);
        });

        Assert.DoesNotContain(sink.Arrivals(), one => one.Payload == "intruder");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task IPv6_leaves_as_the_rule_says(RelayEngine engine)
    {
        RelaySocket source = lab.Open(lab.Source);
        RelaySocket sink = lab.Open(lab.Sink(2));
        await lab.CreateAsync(RelayLab.Rule(
            "six", "ff0e::1:1", 5003, new RelayOutput { InterfaceAlias = "out2", Destination = "ff0e::2:2", Port = 6003, Ttl = 4, Source = "interface" }) with { Engine = engine });
        await lab.RuleAsync("six");

        RelayArrival arrival = await RelayLab.PassAsync(source, sink, "ff0e::1:1", 5003);

        Assert.Equal(("2001:db8:3::1", "ff0e::2:2", 6003, 4, true, "333300020002"), (arrival.Source, arrival.Destination, arrival.Port, arrival.Ttl, arrival.IsIntact, arrival.DestinationMac));
    }

    [Theory]
    [MemberData(nameof(WorkerEngines))]
    public async Task A_group_becomes_a_unicast_destination(RelayEngine engine)
    {
        RelaySocket source = lab.Open(lab.Source);
        RelaySocket sink = lab.Open(lab.Sink(3));
        await lab.CreateAsync(RelayLab.Rule(
            "unicast", "239.1.1.4", 5004, new RelayOutput { InterfaceAlias = "out3", Destination = "10.4.0.2", Port = 6004, Ttl = 9, Source = "interface" }) with { Engine = engine });
        await lab.RuleAsync("unicast");

        RelayArrival arrival = await RelayLab.PassAsync(source, sink, "239.1.1.4", 5004);

        Assert.Equal(("10.4.0.1", "10.4.0.2", 6004, true), (arrival.Source, arrival.Destination, arrival.Port, arrival.IsIntact));
    }

    [Fact]
    public async Task A_rate_limit_drops_and_counts_what_is_beyond_it()
    {
        RelaySocket source = lab.Open(lab.Source);
        RelaySocket sink = lab.Open(lab.Sink(1));
        await lab.CreateAsync(RelayLab.Rule("rate", "239.1.1.5", 5005, new RelayOutput { InterfaceAlias = "out1", Destination = "239.2.1.5", RateLimit = 10 }) with { Engine = RelayEngine.Packet });
        await lab.RuleAsync("rate");
        await RelayLab.PassAsync(source, sink, "239.1.1.5", 5005);

        for (int count = 0; count < 500; count++)
        {
            source.Send("239.1.1.5", 5005, "much");
        }

        RelayStatistic counted = await lab.StatisticAsync("rate", statistic => statistic.Packets >= 500);
        Assert.True(counted.Outputs[0].Drops.Rate > 300, counted.Outputs[0].Drops.ToString());
    }
}
