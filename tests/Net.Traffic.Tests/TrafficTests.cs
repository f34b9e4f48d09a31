using System.Net;
using Net.Lab;
using Net.Platform.Linux;

namespace Net.Traffic.Tests;

/// <summary>Generator and receiver at both ends of a real cable.</summary>
public sealed class TrafficTests : IAsyncLifetime
{
    private const string Group = "239.1.1.1";
    private Lab.Lab? _lab;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs root on Linux: creates network namespaces");
        _lab = await Lab.Lab.UpAsync(LabTopologies.Pair(), new LabOptions(), TestContext.Current.CancellationToken);

        // The kernel may take a second to notice the carrier; until then it drops what is sent.
        CancellationToken token = TestContext.Current.CancellationToken;
        while (!(await _lab.Node("left").PingAsync("10.1.0.2", cancellationToken: token)).Reached || !(await _lab.Node("left").PingAsync("2001:db8:1::2", cancellationToken: token)).Reached)
        {
            token.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(Group, 64, 1, 1, 1)]
    [InlineData("ff15::1:1", 1200, 1, 1, 1)]
    [InlineData("10.1.0.2", 512, 3, 1, 3)]
    [InlineData("2001:db8:1::2", 64, 2, 1, 1)]
    [InlineData("239.5.0.250", 100, 50, 50, 1)]
    [InlineData("ff15::5:fff0", 100, 60, 30, 2)]
    public async Task Every_packet_arrives_once_in_order_and_intact(string destination, int bytes, int streams, int groups, int ports)
    {
        TrafficPlan plan = Plan(destination) with { PayloadBytes = bytes, Streams = streams, Groups = groups, Ports = ports, PacketsPerSecond = 5_000 };

        (TrafficSent sent, TrafficReport report) = await RunAsync(plan, Listen(plan));

        Assert.Equal((sent.Packets, 0, 0, 0, 0, 0), (report.Received, report.Lost, report.Reordered, report.Duplicate, report.Corrupt, report.Overrun));
        Assert.Equal(streams, report.Streams);
        Assert.InRange(sent.Packets, 100, 2_100 + (3 * streams));
        Assert.Equal(report.Received * bytes, report.Bytes);
        Assert.InRange(report.Latency!.P50, 1, 1_000_000_000);
    }

    [Fact]
    public async Task As_many_as_can_be_leave_in_runs_the_kernel_cuts_and_arrive_joined()
    {
        TrafficPlan plan = Plan(Group) with { PacketsPerSecond = 0, Packets = 20_000, PayloadBytes = 1_000, Duration = TimeSpan.FromSeconds(20) };

        (TrafficSent sent, TrafficReport report) = await RunAsync(plan, Listen(plan) with { ReceiveBufferBytes = 64 << 20 });

        Assert.Equal(20_003, sent.Packets);
        Assert.Equal((sent.Packets, 0), (report.Received + report.Lost, report.Corrupt));
        Assert.True(report.Overrun <= report.Lost);
    }

    [Fact]
    public async Task A_packet_larger_than_the_link_is_refused_or_fragmented_as_asked()
    {
        TrafficPlan plan = Plan(Group) with { PayloadBytes = 4_000, PacketsPerSecond = 1_000 };

        TrafficException failure = Assert.Throws<TrafficException>(() => Send(plan));
        (TrafficSent sent, TrafficReport report) = await RunAsync(plan with { Fragments = true }, Listen(plan));

        Assert.Equal("The kernel takes no packet to 239.1.1.1 out of eth0: Message too long.", failure.Message);
        Assert.Equal((sent.Packets, 0), (report.Received, report.Corrupt));
    }

    [Fact]
    public async Task What_the_cable_loses_is_lost_and_the_silence_is_measured()
    {
        TrafficPlan plan = Plan(Group) with { PacketsPerSecond = 2_000, Duration = TimeSpan.FromSeconds(1) };
        Task<TrafficReport> receiving = ReceiveAsync(Listen(plan), out Task open);
        await open;
        Task<TrafficSent> sending = Task.Factory.StartNew(() => Send(plan), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Right.ExecAsync("ip", ["link", "set", "eth0", "down"], cancellationToken: TestContext.Current.CancellationToken);
        await Right.ExecAsync("ip", ["link", "set", "eth0", "up"], cancellationToken: TestContext.Current.CancellationToken);

        TrafficSent sent = await sending;
        TrafficReport report = await receiving;

        // Before the first packet nobody knows whether the link was down yet; all are accounted for.
        Assert.Equal(sent.Packets, report.Received + report.Lost);
    }

    [Fact]
    public async Task Two_places_of_one_receiver_are_judged_by_themselves()
    {
        TrafficPlan plan = Plan(Group) with { PacketsPerSecond = 2_000 };
        TrafficListen listen = Listen(plan) with
        {
            Endpoints = [new TrafficEndpoint("eth0", IPAddress.Parse(Group), 5000), new TrafficEndpoint("eth0", IPAddress.Parse("239.1.1.2"), 5000)],
            IdleTimeout = TimeSpan.FromMilliseconds(300),
        };

        (TrafficSent sent, TrafficReport report) = await RunAsync(plan, listen);

        Assert.Equal([sent.Packets, 0], report.Endpoints.Select(endpoint => endpoint.Received));
        Assert.Equal(sent.Packets, report.Received);
    }

    [Fact]
    public async Task A_source_that_was_not_chosen_is_not_heard()
    {
        TrafficPlan plan = Plan(Group) with { PacketsPerSecond = 2_000 };
        TrafficListen listen = Listen(plan) with { Duration = TimeSpan.FromSeconds(1) };

        (_, TrafficReport other) = await RunAsync(plan, listen with { Endpoints = [listen.Endpoints[0] with { Source = IPAddress.Parse("10.1.0.77") }] });
        (TrafficSent sent, TrafficReport chosen) = await RunAsync(plan, listen with { Endpoints = [listen.Endpoints[0] with { Source = IPAddress.Parse("10.1.0.1") }], Duration = TimeSpan.FromSeconds(20) });

        Assert.Equal(0, other.Received);
        Assert.Equal(sent.Packets, chosen.Received);
    }

    [Theory]
    [InlineData(Group, 1, 1)]
    [InlineData("239.7.0.1", 20, 10)]
    [InlineData("ff15::7:1", 8, 4)]
    public async Task Live_frames_arrive_in_order_and_intact(string destination, int streams, int groups)
    {
        TrafficPlan plan = Plan(destination) with { Kind = TrafficSender.LiveFrames, PacketsPerSecond = 20_000, Streams = streams, Groups = groups, PayloadBytes = 200 };

        // Of a veth pair, the end that receives takes XDP frames only with GRO switched on.
        LabCommandResult result = await Right.ExecAsync("ethtool", ["-K", "eth0", "gro", "on"], cancellationToken: TestContext.Current.CancellationToken);
        result.EnsureSucceeded();
        TrafficSent sent;
        TrafficReport report;
        try
        {
            (sent, report) = await RunAsync(plan, Listen(plan) with { IdleTimeout = TimeSpan.FromMilliseconds(500) });
        }
        catch (TrafficException failure) when (failure.InnerException is Net.Platform.Linux.Relay.BpfException)
        {
            Assert.Skip(failure.Message);
            return;
        }

        Assert.InRange(sent.Packets, 100, 8_100);
        Assert.Equal((sent.Packets, 0, 0, 0, 0), (report.Received, report.Lost, report.Reordered, report.Duplicate, report.Corrupt));
        Assert.Equal(streams, report.Streams);
        Assert.InRange(report.Latency!.P50, 1, 1_000_000_000);
    }

    private LabNode Right => _lab!.Node("right");

    private static TrafficPlan Plan(string destination) => new()
    {
        Interface = "eth0",
        Destination = IPAddress.Parse(destination),
        Port = 5000,
        Duration = TimeSpan.FromSeconds(0.4),
    };

    private static TrafficListen Listen(TrafficPlan plan) => new()
    {
        Endpoints = [new TrafficEndpoint("eth0", plan.Destination, plan.Port) { Groups = plan.Groups, Ports = plan.Ports }],
        Duration = TimeSpan.FromSeconds(20),
        IdleTimeout = TimeSpan.FromSeconds(2),
    };

    private async Task<(TrafficSent Sent, TrafficReport Report)> RunAsync(TrafficPlan plan, TrafficListen listen)
    {
        Task<TrafficReport> receiving = ReceiveAsync(listen, out Task open);
        await open;
        TrafficSent sent = await Task.Factory.StartNew(() => Send(plan), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return (sent, await receiving);
    }

    private TrafficSent Send(TrafficPlan plan)
    {
        using var space = NetworkNamespace.Open(_lab!.Node("left").NamespaceName);
        return space.Run(() => TrafficGenerator.Send(plan, CancellationToken.None));
    }

    private Task<TrafficReport> ReceiveAsync(TrafficListen listen, out Task open)
    {
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        open = opened.Task;
        return Task.Factory.StartNew(
            () =>
            {
                try
                {
                    using var space = NetworkNamespace.Open(Right.NamespaceName);
                    using TrafficReceiver receiver = space.Run(() => TrafficReceiver.Open(listen));
                    opened.SetResult();
                    return receiver.Receive(CancellationToken.None);
                }
                catch (Exception failure)
                {
                    opened.TrySetException(failure);
                    throw;
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }
}
