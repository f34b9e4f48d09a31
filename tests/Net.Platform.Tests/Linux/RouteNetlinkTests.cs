using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

public sealed class RouteNetlinkTests
{
    [Fact]
    public void Links_and_addresses_are_as_ip_made_them()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        left.Connect("va", right, "vb");
        left.Ip("link set va mtu 1400 address 02:00:00:00:00:01");
        left.Ip("address add 10.9.1.1/24 dev va");
        left.Ip("address add fd09::1/64 dev va nodad");
        left.Ip("link add br0 type bridge");
        left.Ip("link set va master br0");
        using RouteNetlink netlink = left.In(() => new RouteNetlink());

        LinkInfo link = netlink.GetLinks().Single(item => item.Name == "va");
        LinkInfo bridge = netlink.GetLinks().Single(item => item.Name == "br0");
        AddressInfo[] addresses = [.. netlink.GetAddresses().Where(item => item.InterfaceIndex == link.Index)];

        Assert.Equal("veth", link.Kind);
        Assert.Equal("bridge", bridge.Kind);
        Assert.Equal(bridge.Index, link.MasterIndex);
        Assert.Equal(1400u, link.MtuBytes);
        Assert.Equal("020000000001", link.HardwareAddress?.ToString());
        Assert.True(link.IsAdminUp);
        Assert.True(link.HasCarrier);
        Assert.Contains(addresses, item => item is { PrefixLength: 24, Scope: RouteScope.Universe } && item.Address.Equals(IPAddress.Parse("10.9.1.1")));
        Assert.Contains(addresses, item => item.PrefixLength == 64 && item.Address.Equals(IPAddress.Parse("fd09::1")));
        Assert.Contains(netlink.GetLinks(), item => item is { Name: "lo", IsLoopback: true, IsAdminUp: true });
    }

    [Theory]
    [InlineData("10.9.1.1/24", "10.9.1.9", "10.9.1.8", "10.77.0.0/16")]
    [InlineData("fd09::1/64", "fd09::9", "fd09::8", "fd77::/32")]
    public void A_route_is_added_replaced_and_removed(string address, string gateway, string otherGateway, string destination)
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        left.Connect("va", right, "vb");
        left.Ip($"address add {address} dev va {(address.Contains(':') ? "nodad" : "")}");
        using RouteNetlink netlink = left.In(() => new RouteNetlink());
        int index = netlink.GetLinks().Single(item => item.Name == "va").Index;
        var route = new RouteInfo
        {
            Destination = IPNetwork.Parse(destination),
            Gateway = IPAddress.Parse(gateway),
            InterfaceIndex = index,
            Metric = 50,
            Table = 1000,
        };

        netlink.AddRoute(route);
        RouteInfo added = Assert.Single(netlink.GetRoutes(), item => item.Table == 1000);
        NetworkChangeException twice = Assert.Throws<NetworkChangeException>(() => netlink.AddRoute(route));
        netlink.ReplaceRoute(route with { Gateway = IPAddress.Parse(otherGateway) });
        RouteInfo replaced = Assert.Single(netlink.GetRoutes(), item => item.Table == 1000);
        netlink.RemoveRoute(replaced);

        Assert.Equal(route, added with { Scope = null });
        Assert.Equal(RouteProtocols.NetModule, added.Protocol);
        Assert.Equal(17, twice.ErrorNumber);
        Assert.Contains(destination, twice.Message, StringComparison.Ordinal);
        Assert.Equal(IPAddress.Parse(otherGateway), replaced.Gateway);
        Assert.DoesNotContain(netlink.GetRoutes(), item => item.Table == 1000);
    }

    [Fact]
    public void A_route_over_two_next_hops_comes_back_whole()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        left.Connect("va", right, "vb");
        left.Ip("address add 10.9.1.1/24 dev va");
        using RouteNetlink netlink = left.In(() => new RouteNetlink());
        int index = netlink.GetLinks().Single(item => item.Name == "va").Index;
        RouteNextHop Hop(string gateway, int weight) => new() { Gateway = IPAddress.Parse(gateway), InterfaceIndex = index, Weight = weight };
        var route = new RouteInfo { Destination = IPNetwork.Parse("0.0.0.0/0"), NextHops = [Hop("10.9.1.2", 1), Hop("10.9.1.3", 5)] };

        netlink.AddRoute(route);

        Assert.Equal(route, Assert.Single(netlink.GetRoutes(), item => item.IsDefault) with { Scope = null });
    }

    [Fact]
    public void The_kernels_own_words_are_in_the_exception()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        using RouteNetlink netlink = place.In(() => new RouteNetlink());
        var route = new RouteInfo { Destination = IPNetwork.Parse("10.77.0.0/16"), Gateway = IPAddress.Parse("192.0.2.1") };

        NetworkChangeException failure = Assert.Throws<NetworkChangeException>(() => netlink.AddRoute(route));

        Assert.Equal(101, failure.ErrorNumber);
        Assert.Equal("Nexthop has invalid gateway", failure.KernelMessage);
        Assert.Equal("add route 10.77.0.0/16 via 192.0.2.1 table 254 metric 0", failure.Attempted);
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork, "10.1.0.0/16")]
    [InlineData(AddressFamily.InterNetworkV6, "fd01::/48")]
    public void A_rule_is_added_and_removed(AddressFamily family, string source)
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        using RouteNetlink netlink = place.In(() => new RouteNetlink());
        var rule = new RuleInfo
        {
            Family = family,
            Priority = 500,
            Table = 1000,
            FirewallMark = 0x10,
            FirewallMask = 0xff,
            Source = IPNetwork.Parse(source),
            InputInterface = "lo",
            UidStart = 1000,
            UidEnd = 1001,
        };

        netlink.AddRule(rule);
        RuleInfo added = Assert.Single(netlink.GetRules(), item => item.Priority == 500);
        netlink.RemoveRule(rule);

        Assert.Equal(rule, added);
        Assert.DoesNotContain(netlink.GetRules(), item => item.Priority == 500);
    }

    [Fact]
    public void Addresses_and_links_are_changed()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        left.Connect("va", right, "vb");
        using RouteNetlink netlink = left.In(() => new RouteNetlink());
        int index = netlink.GetLinks().Single(item => item.Name == "va").Index;
        var address = new AddressInfo { InterfaceIndex = index, Address = IPAddress.Parse("10.9.1.1"), PrefixLength = 24 };

        netlink.AddAddress(address);
        bool isThere = netlink.GetAddresses().Any(item => item.Address.Equals(address.Address));
        netlink.RemoveAddress(address);
        netlink.SetLinkUp(index, isUp: false);
        netlink.RenameLink(index, "other");
        LinkInfo link = netlink.GetLinks().Single(item => item.Index == index);

        Assert.True(isThere);
        Assert.DoesNotContain(netlink.GetAddresses(), item => item.Address.Equals(address.Address));
        Assert.Equal("other", link.Name);
        Assert.False(link.IsAdminUp);
    }

    [Fact]
    public void Neighbours_are_listed()
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        left.Connect("va", right, "vb");
        left.Ip("neighbour add 10.9.1.7 lladdr 02:00:00:00:00:07 dev va");
        using RouteNetlink netlink = left.In(() => new RouteNetlink());

        NeighborInfo neighbor = Assert.Single(netlink.GetNeighbors(), item => item.Address.Equals(IPAddress.Parse("10.9.1.7")));

        Assert.Equal("020000000007", neighbor.HardwareAddress?.ToString());
        Assert.Equal(NeighborStates.Permanent, neighbor.State);
    }
}
