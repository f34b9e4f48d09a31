using System.Net;
using Net.Cli.Tests.Support;
using Net.Traffic;

namespace Net.Cli.Tests;

public sealed class TrafficCommandTests
{
    [Fact]
    public async Task Send_makes_the_plan_that_was_typed()
    {
        var cli = new CliRun();

        int code = await cli.LineAsync(
            "traffic send eth0 --to [ff15::1]:5000 --rate 0 --duration 2m --count 9 --payload-bytes 1200 --streams 50 --groups 50 --ports 2 --ttl 4 --source 2001:db8::1 --source-port 7 --fragment --loop --tai --core 1");

        Assert.Equal(0, code);
        Assert.Equal(
            new TrafficPlan
            {
                Interface = "eth0",
                Destination = IPAddress.Parse("ff15::1"),
                Port = 5000,
                PacketsPerSecond = 0,
                Duration = TimeSpan.FromMinutes(2),
                Packets = 9,
                PayloadBytes = 1200,
                Streams = 50,
                Groups = 50,
                Ports = 2,
                Ttl = 4,
                Source = IPAddress.Parse("2001:db8::1"),
                SourcePort = 7,
                Fragments = true,
                LoopsBack = true,
                UsesTai = true,
                Core = 1,
            },
            cli.Traffic.Plan);
        Assert.Contains("2000", cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, cli.Engine.Connections);
    }

    [Fact]
    public async Task Send_is_bounded_without_being_told()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("traffic send eth0 --to 239.1.1.1:5000 --sender live-frames"));

        Assert.Equal(
            (TimeSpan.FromSeconds(10), 1_000d, 64, TrafficSender.LiveFrames),
            (cli.Traffic.Plan!.Duration, cli.Traffic.Plan.PacketsPerSecond, cli.Traffic.Plan.PayloadBytes, cli.Traffic.Plan.Kind));
    }

    [Fact]
    public async Task Receive_listens_where_it_was_told()
    {
        var cli = new CliRun();
        cli.Traffic.Report = FakeTraffic.One(new TrafficEndpoint("eth1", IPAddress.Parse("239.2.2.1"), 6001), new TrafficEndpoint("eth2", IPAddress.Parse("ff15::2"), 6002));

        int code = await cli.LineAsync(
            "traffic receive eth1=239.2.2.1:6001 eth2=[ff15::2]:6002 --duration 5s --idle 500ms --groups 3 --ports 2 --joined-late --headers-only --max-streams 9 --core 0");

        Assert.Equal(0, code);
        TrafficListen listen = cli.Traffic.Listen!;
        Assert.Equal(
            [new TrafficEndpoint("eth1", IPAddress.Parse("239.2.2.1"), 6001) { Groups = 3, Ports = 2 }, new TrafficEndpoint("eth2", IPAddress.Parse("ff15::2"), 6002) { Groups = 3, Ports = 2 }],
            listen.Endpoints);
        Assert.Equal(
            (TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500), false, false, 9, 0),
            (listen.Duration, listen.IdleTimeout, listen.CountsFromStart, listen.VerifiesPayload, listen.MostStreams, listen.Core));
        string[] lines = cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.Contains("eth2", StringComparison.Ordinal) && line.Contains("[ff15::2]:6002", StringComparison.Ordinal) && line.Contains("2.5", StringComparison.Ordinal));
        Assert.Equal("listening\n", cli.Error);
    }

    [Fact]
    public async Task Receive_can_stay_for_the_whole_time()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("traffic receive eth1=239.2.2.1:6001 --keep-listening --source 10.0.0.1"));

        Assert.Equal((TimeSpan.FromMinutes(1), null, false), (cli.Traffic.Listen!.Duration, cli.Traffic.Listen.IdleTimeout, cli.Traffic.Listen.EndsWithStreams));
        Assert.Equal(IPAddress.Parse("10.0.0.1"), cli.Traffic.Listen.Endpoints[0].Source);
    }

    [Fact]
    public async Task Receive_answers_by_its_exit_code()
    {
        var cli = new CliRun();
        TrafficReport report = cli.Traffic.Report;

        Assert.Equal(0, await cli.LineAsync("traffic receive eth1=239.2.2.1:6001"));
        Assert.Equal(1, await cli.LineAsync("traffic receive eth1=239.2.2.1:6001 --fail-on-loss"));

        cli.Traffic.Report = report with { Lost = 0, Duplicate = 0, Corrupt = 0 };
        Assert.Equal(0, await cli.LineAsync("traffic receive eth1=239.2.2.1:6001 --fail-on-loss"));

        cli.Traffic.Report = report with { Received = 0, Latency = null };
        Assert.Equal(1, await cli.LineAsync("traffic receive eth1=239.2.2.1:6001"));
    }

    [Fact]
    public async Task What_limits_the_answer_is_said_beside_it()
    {
        var cli = new CliRun();
        cli.Traffic.Report = cli.Traffic.Report with { Latency = null, Overrun = 12 };

        Assert.Equal(0, await cli.LineAsync("traffic receive eth1=239.2.2.1:6001"));

        Assert.Contains("12 packets were dropped on this host", cli.Error, StringComparison.Ordinal);
        Assert.Contains("different clocks", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_shown_on_a_terminal_only()
    {
        var cli = new CliRun();
        cli.Console.ErrorIsTerminal = true;

        Assert.Equal(0, await cli.LineAsync("traffic receive eth1=239.2.2.1:6001"));
        Assert.Equal(0, await cli.LineAsync("traffic send eth0 --to 239.1.1.1:5000"));

        Assert.Contains("receive: 1s, 995 packets, 995/s, 5 lost", cli.Error, StringComparison.Ordinal);
        Assert.Contains("send: 1s, 1000 packets, 1000/s", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("traffic send eth0 --to 239.1.1.1", "--to: '239.1.1.1' is not an address with a port")]
    [InlineData("traffic send eth0", "--to")]
    [InlineData("traffic send eth0 --to 10.0.0.1:5000 --groups 2 --streams 2", "10.0.0.1 is no multicast group")]
    [InlineData("traffic send eth0 --to 239.1.1.1:5000 --duration 25h", "--duration must be longer than nothing and 24h at most.")]
    [InlineData("traffic send eth0 --to 239.1.1.1:5000 --source there", "--source: 'there' is not an IP address.")]
    [InlineData("traffic send eth0 --to 239.1.1.1:5000 --payload-bytes 31", "--payload-bytes: '31' is not a whole number from 32 to 65507.")]
    [InlineData("traffic send eth0 --to 10.1.1.1:5000 --sender live-frames", "Live frames go to multicast groups.")]
    [InlineData("traffic receive eth1", "'eth1' is not an interface, an address and a port")]
    [InlineData("traffic receive eth1=239.1.1.1:5000 --idle 0s", "The idle time must be longer than nothing.")]
    public async Task What_cannot_be_done_is_refused_with_the_reason(string line, string reason)
    {
        var cli = new CliRun();

        Assert.Equal(2, await cli.LineAsync(line));

        Assert.Contains(reason, cli.Error, StringComparison.Ordinal);
        Assert.Null(cli.Traffic.Plan);
        Assert.Null(cli.Traffic.Listen);
    }

    [Fact]
    public async Task An_interface_that_is_not_there_is_an_error_with_an_id()
    {
        var cli = new CliRun();
        var services = new Net.Cli.Hosting.CliServices { Console = cli.Console, ConnectAsync = cli.Services.ConnectAsync };

        int code = await Net.Cli.Hosting.CliRunner.RunAsync(["traffic", "send", "no-such0", "--to", "239.1.1.1:5000"], services, CancellationToken.None);

        Assert.Equal(1, code);
        Assert.Contains("no-such0", cli.Error, StringComparison.Ordinal);
        Assert.Contains(OperatingSystem.IsLinux() ? "(TrafficFailed)" : "(PlatformLacksSupport)", cli.Error, StringComparison.Ordinal);
    }
}
