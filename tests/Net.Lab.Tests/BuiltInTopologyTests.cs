namespace Net.Lab.Tests;

public sealed class BuiltInTopologyTests
{
    [Theory]
    [InlineData("pair", "left", "10.1.0.2 2001:db8:1::2")]
    [InlineData("chain", "left", "10.1.0.1 2001:db8:1::1 10.2.0.2 2001:db8:2::2")]
    [InlineData("bridge", "host1", "10.1.0.2 10.1.0.3 2001:db8:1::2 2001:db8:1::3")]
    [InlineData("two-uplinks", "client", "10.10.0.1 192.0.2.1 198.51.100.1 203.0.113.10 2001:db8:10::1 2001:db8:a::1 2001:db8:b::1 2001:db8:cafe::10")]
    [InlineData("nat-pair", "left", "10.1.0.1 203.0.113.10 203.0.113.2")]
    public async Task Everything_that_should_answers(string name, string from, string destinations)
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.BuiltIn[name]());

        await Task.WhenAll(destinations.Split(' ').Select(destination => TestLab.AssertReachesAsync(lab.Node(from), destination)));
    }

    [Fact]
    public async Task A_nat_behind_a_carrier_grade_nat_reaches_the_public_host()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.NatPair(leftCarrierGrade: NatKind.AddressAndPortDependentMapping));

        await TestLab.AssertReachesAsync(lab.Node("left"), "203.0.113.10");
        await TestLab.AssertReachesAsync(lab.Node("right"), "203.0.113.10");
    }

    [Fact]
    public async Task Hosts_behind_nats_do_not_reach_each_other_by_inside_addresses()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.NatPair());
        await lab.Node("public").AddRouteAsync(LabRoute.Prefix("10.1.0.0/24", "203.0.113.1"), TestContext.Current.CancellationToken);

        LabPing ping = await lab.Node("public").PingAsync("10.1.0.2", 1, TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);

        Assert.False(ping.Reached);
    }

    [Theory]
    [InlineData("203.0.113.10")]
    [InlineData("2001:db8:cafe::10")]
    public async Task The_second_uplink_takes_over_when_the_first_is_down_and_gives_back(string server)
    {
        TestLab.Require();
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using Lab lab = await TestLab.UpAsync(LabTopologies.TwoUplinks());
        LabNode router = lab.Node("router");
        await TestLab.AssertReachesAsync(lab.Node("client"), server);
        Assert.Contains("wan0", await RouteToAsync(router, server), StringComparison.Ordinal);

        await router.SetLinkAsync("wan0", up: false, cancellationToken: stop);
        Assert.Contains("wan1", await RouteToAsync(router, server), StringComparison.Ordinal);
        await TestLab.AssertReachesAsync(lab.Node("client"), server);

        await router.SetLinkAsync("wan0", up: true, cancellationToken: stop);
        Assert.Contains("wan0", await RouteToAsync(router, server), StringComparison.Ordinal);
        await TestLab.AssertReachesAsync(lab.Node("client"), server);
    }

    [Fact]
    public async Task A_pulled_cable_takes_the_carrier_and_leaves_the_interface_up()
    {
        TestLab.Require();
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using Lab lab = await TestLab.UpAsync(LabTopologies.Chain());
        LabNode left = lab.Node("left");

        await left.SetCarrierAsync("eth0", up: false, stop);
        string pulled = (await left.ExecAsync("ip", ["link", "show", "dev", "eth0"], cancellationToken: stop)).EnsureSucceeded().Output;
        Assert.Contains("NO-CARRIER,BROADCAST,MULTICAST,UP", pulled, StringComparison.Ordinal);

        await left.SetCarrierAsync("eth0", up: true, stop);
        await TestLab.AssertReachesAsync(left, "10.2.0.2");
        await TestLab.AssertReachesAsync(left, "2001:db8:2::2");
    }

    [Fact]
    public async Task No_interface_has_its_peers_number_or_the_kernel_would_hold_back_its_carrier()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.TwoUplinks());
        List<string> numbers = [];
        foreach (LabNode node in lab.Nodes)
        {
            string links = (await node.ExecAsync("ip", ["-o", "link", "show", "type", "veth"], cancellationToken: TestContext.Current.CancellationToken)).Output;
            numbers.AddRange(links.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]));
        }

        Assert.Equal(2 * lab.Topology.Links.Count, numbers.Distinct().Count());
    }

    [Fact]
    public async Task A_topology_of_ones_own_gets_its_mtu_settings_and_routes()
    {
        TestLab.Require();
        CancellationToken stop = TestContext.Current.CancellationToken;
        LabTopology topology = LabTopology.Parse("""
            {
              "name": "mine",
              "nodes": [
                { "name": "one", "routes": [{ "to": "192.0.2.0/24", "interface": "up0", "metric": 7 }], "sysctls": { "net.ipv4.ip_default_ttl": "9" } },
                { "name": "two", "kind": "router" }
              ],
              "links": [{ "a": { "node": "one", "interface": "up0", "addresses": ["10.0.0.1/30"] }, "b": { "node": "two", "interface": "down0", "addresses": ["10.0.0.2/30"] }, "mtu": 1400 }]
            }
            """);
        await using Lab lab = await TestLab.UpAsync(topology);

        Assert.Contains("mtu 1400", (await lab.Node("two").ExecAsync("ip", ["link", "show", "dev", "down0"], cancellationToken: stop)).Output, StringComparison.Ordinal);
        Assert.Contains("192.0.2.0/24 dev up0 scope link metric 7", (await lab.Node("one").ExecAsync("ip", ["route"], cancellationToken: stop)).Output, StringComparison.Ordinal);
        Assert.Equal("9\n", (await lab.Node("one").ExecAsync("cat", ["/proc/sys/net/ipv4/ip_default_ttl"], cancellationToken: stop)).Output);
        Assert.Equal("0\n", (await lab.Node("one").ExecAsync("cat", ["/proc/sys/net/ipv4/ip_forward"], cancellationToken: stop)).Output);
        Assert.Equal("1\n", (await lab.Node("two").ExecAsync("cat", ["/proc/sys/net/ipv4/ip_forward"], cancellationToken: stop)).Output);
    }

    private static async Task<string> RouteToAsync(LabNode node, string destination) =>
        (await node.ExecAsync("ip", ["route", "get", destination], cancellationToken: TestContext.Current.CancellationToken)).EnsureSucceeded().Output;
}
