using System.Diagnostics;
using System.Net;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

public sealed class IcmpEchoProberTests
{
    [Theory]
    [InlineData("10.9.1.1/24", "10.9.1.2/24", "10.9.1.2")]
    [InlineData("fd09::1/64", "fd09::2/64", "fd09::2")]
    public async Task A_neighbour_answers(string own, string other, string destination)
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        Connect(left, "va", own, right, "vb", other);
        using IcmpEchoProber prober = left.In(() => new IcmpEchoProber());
        EchoRequest request = Request(destination, "va");

        EchoReply[] replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => prober.SendAsync(request, TestContext.Current.CancellationToken)));

        Assert.All(replies, reply => Assert.Equal(EchoOutcome.Reply, reply.Outcome));
        Assert.All(replies, reply => Assert.InRange(reply.RoundTripTime!.Value, TimeSpan.FromTicks(1), request.Timeout));
        Assert.All(replies, reply => Assert.Equal(IPAddress.Parse(destination), reply.From));
        Assert.All(replies, reply => Assert.Equal(64, reply.Ttl));
    }

    [Fact]
    public async Task Silence_is_a_timeout()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        Connect(left, "va", "10.9.1.1/24", right, "vb", "10.9.1.2/24");
        using IcmpEchoProber prober = left.In(() => new IcmpEchoProber());

        EchoReply reply = await prober.SendAsync(
            Request("10.9.1.77", "va") with { Timeout = TimeSpan.FromMilliseconds(50) }, TestContext.Current.CancellationToken);

        Assert.Equal(EchoOutcome.Timeout, reply.Outcome);
        Assert.Null(reply.RoundTripTime);
        Assert.NotNull(reply.Reason);
    }

    [Theory]
    [InlineData("10.9.1.1/24", "10.9.1.2/24", "10.9.1.2", "10.77.0.0/16", "10.77.0.1", "host unreachable")]
    [InlineData("fd09::1/64", "fd09::2/64", "fd09::2", "fd77::/32", "fd77::1", "no route to destination")]
    public async Task A_router_that_knows_no_way_is_quoted(string own, string other, string gateway, string prefix, string destination, string reason)
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        Connect(left, "va", own, right, "vb", other);
        left.Ip($"route add {prefix} via {gateway} dev va");
        EnableForwarding(right);
        right.Ip($"route add unreachable {prefix}");
        using IcmpEchoProber prober = left.In(() => new IcmpEchoProber());

        EchoReply reply = await prober.SendAsync(Request(destination, "va"), TestContext.Current.CancellationToken);

        Assert.Equal(EchoOutcome.DestinationUnreachable, reply.Outcome);
        Assert.Equal(IPAddress.Parse(gateway), reply.From);
        Assert.Equal(reason, reply.Reason);
    }

    [Theory]
    [InlineData("10.9.1.1/24", "10.9.1.2/24", "10.9.1.2", "10.77.0.0/16", "10.77.0.1")]
    [InlineData("fd09::1/64", "fd09::2/64", "fd09::2", "fd77::/32", "fd77::1")]
    public async Task A_used_up_hop_limit_is_reported(string own, string other, string gateway, string prefix, string destination)
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        Connect(left, "va", own, right, "vb", other);
        left.Ip($"route add {prefix} via {gateway} dev va");
        EnableForwarding(right);
        right.Ip($"route add {prefix} dev vb");
        using IcmpEchoProber prober = left.In(() => new IcmpEchoProber());

        EchoReply reply = await prober.SendAsync(Request(destination, "va") with { HopLimit = 1 }, TestContext.Current.CancellationToken);

        Assert.Equal(EchoOutcome.TtlExceeded, reply.Outcome);
        Assert.Equal(IPAddress.Parse(gateway), reply.From);
    }

    [Fact]
    public async Task What_cannot_be_sent_says_why()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        using IcmpEchoProber prober = place.In(() => new IcmpEchoProber());

        EchoReply noRoute = await prober.SendAsync(Request("192.0.2.1", null), TestContext.Current.CancellationToken);
        EchoReply noLink = await prober.SendAsync(Request("192.0.2.1", "gone"), TestContext.Current.CancellationToken);

        Assert.Equal(EchoOutcome.SendFailed, noRoute.Outcome);
        Assert.Contains("unreachable", noRoute.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(EchoOutcome.SendFailed, noLink.Outcome);
        Assert.Contains("gone", noLink.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_made_anew_is_probed_again()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        Connect(left, "va", "10.9.1.1/24", right, "vb", "10.9.1.2/24");
        using IcmpEchoProber prober = left.In(() => new IcmpEchoProber());
        EchoReply before = await prober.SendAsync(Request("10.9.1.2", "va"), TestContext.Current.CancellationToken);

        left.Ip("link delete va");
        EchoReply meanwhile = await prober.SendAsync(Request("10.9.1.2", "va"), TestContext.Current.CancellationToken);
        Connect(left, "va", "10.9.1.1/24", right, "vb", "10.9.1.2/24");
        EchoReply after = await prober.SendAsync(Request("10.9.1.2", "va"), TestContext.Current.CancellationToken);

        Assert.Equal([EchoOutcome.Reply, EchoOutcome.SendFailed, EchoOutcome.Reply], [before.Outcome, meanwhile.Outcome, after.Outcome]);
    }

    [Fact]
    public async Task Loopback_answers()
    {
        const int netRaw = 13;
        Assert.SkipUnless((ProcessCapabilities.Read().Effective & (1UL << netRaw)) != 0, "needs CAP_NET_RAW");
        using var prober = new IcmpEchoProber();

        EchoReply reply = await prober.SendAsync(Request("127.0.0.1", "lo"), TestContext.Current.CancellationToken);

        Assert.Equal(EchoOutcome.Reply, reply.Outcome);
    }

    [Fact]
    public void The_capability_for_raw_sockets_suffices()
    {
        Assert.SkipUnless(UnixAccounts.IsRoot && File.Exists("/usr/bin/setpriv"), "needs root and setpriv");
        string method = $"{typeof(IcmpEchoProberTests).FullName}.{nameof(Loopback_answers)}";
        string tests = typeof(IcmpEchoProberTests).Assembly.Location;
        var info = new ProcessStartInfo("setpriv", ["--inh-caps=-all,+net_raw", "--bounding-set=-all,+net_raw", "dotnet", tests, "-method", method])
        {
            RedirectStandardOutput = true,
        };

        using Process process = Process.Start(info)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    private static EchoRequest Request(string destination, string? interfaceName) => new()
    {
        Destination = IPAddress.Parse(destination),
        InterfaceName = interfaceName,
        Timeout = TimeSpan.FromSeconds(10),
    };

    private static void EnableForwarding(TestNamespace place) =>
        place.Exec("sh", "-s", "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");

    private static void Connect(TestNamespace left, string leftLink, string leftAddress, TestNamespace right, string rightLink, string rightAddress)
    {
        left.Connect(leftLink, right, rightLink);
        string option = leftAddress.Contains(':') ? " nodad" : "";
        left.Ip($"address add {leftAddress} dev {leftLink}{option}");
        right.Ip($"address add {rightAddress} dev {rightLink}{option}");
    }
}
