using System.Net;
using Net.Platform.Linux;
using Net.Platform.Linux.Netfilter;

namespace Net.Platform.Tests.Linux.Netfilter;

public sealed class RouteLookupTests
{
    [Theory]
    [InlineData("10.50.1.1", RouteType.Unicast, "va", "10.9.1.9", "10.9.1.1", 254, "10.50.0.0/16")]
    [InlineData("10.9.1.77", RouteType.Unicast, "va", null, "10.9.1.1", 254, "10.9.1.0/24")]
    [InlineData("10.9.1.1", RouteType.Local, "lo", null, "10.9.1.1", 255, "10.9.1.1/32")]
    [InlineData("10.9.1.255", RouteType.Broadcast, "va", null, "10.9.1.1", 255, "10.9.1.255/32")]
    [InlineData("fd50::1", RouteType.Unicast, "va", "fd09::9", "fd09::1", 254, "fd50::/16")]
    [InlineData("fd09::1", RouteType.Local, "lo", null, "fd09::1", 255, "fd09::1/128")]
    public void The_way_of_a_flow_is_named(string destination, RouteType type, string link, string? gateway, string source, uint table, string prefix)
    {
        using RouteSpace space = RouteSpace.Create();

        RouteAnswer answer = space.Lookup.Lookup(new RouteQuery { Destination = IPAddress.Parse(destination) });

        Assert.Equal(type, answer.Type);
        Assert.True(answer.IsReachable);
        Assert.Equal(space.IndexOf(link), answer.OutputInterface);
        Assert.Equal(gateway is null ? null : IPAddress.Parse(gateway), answer.Gateway);
        Assert.Equal(IPAddress.Parse(source), answer.PreferredSource);
        Assert.Equal(table, answer.Table);
        Assert.Equal(IPNetwork.Parse(prefix), answer.Prefix);
        Assert.Null(answer.Reason);
    }

    [Theory]
    [InlineData("10.66.0.1", RouteType.Blackhole, "blackhole")]
    [InlineData("10.67.0.1", RouteType.Unreachable, "unreachable")]
    [InlineData("10.68.0.1", RouteType.Prohibit, "prohibit")]
    [InlineData("192.0.2.1", RouteType.Unspecified, "no route")]
    [InlineData("fd66::1", RouteType.Blackhole, "blackhole")]
    [InlineData("fd67::1", RouteType.Unreachable, "unreachable")]
    [InlineData("fd68::1", RouteType.Prohibit, "prohibit")]
    [InlineData("2001:db8::1", RouteType.Unspecified, "no route")]
    public void A_flow_that_goes_nowhere_has_a_reason(string destination, RouteType type, string reason)
    {
        using RouteSpace space = RouteSpace.Create();

        RouteAnswer answer = space.Lookup.Lookup(new RouteQuery { Destination = IPAddress.Parse(destination) });

        Assert.Equal(type, answer.Type);
        Assert.False(answer.IsReachable);
        Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
        Assert.Null(answer.OutputInterface);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    public void Rules_by_mark_user_and_port_are_followed(string destination)
    {
        using RouteSpace space = RouteSpace.Create();
        var query = new RouteQuery { Destination = IPAddress.Parse(destination) };

        RouteAnswer byMark = space.Lookup.Lookup(query with { Mark = 7 });
        RouteAnswer byUser = space.Lookup.Lookup(query with { UserId = 1234 });
        RouteAnswer byPort = space.Lookup.Lookup(query with { Protocol = 6, SourcePort = 40000, DestinationPort = 443 });
        RouteAnswer byOther = space.Lookup.Lookup(query with { Protocol = 6, SourcePort = 40000, DestinationPort = 80, Mark = 1, UserId = 1 });

        Assert.Equal((1000u, 1001u, 1002u), (byMark.Table, byUser.Table, byPort.Table));
        Assert.False(byOther.IsReachable);
    }

    [Fact]
    public void A_packet_from_outside_is_asked_about_with_its_source()
    {
        using RouteSpace space = RouteSpace.Create();
        int index = space.IndexOf("va");
        var query = new RouteQuery { Destination = IPAddress.Parse("10.50.1.1"), Source = IPAddress.Parse("10.9.1.8"), InputInterface = index };

        RouteAnswer closed = space.Lookup.Lookup(query);
        space.Place.Exec("sysctl", "-qw net.ipv4.ip_forward=1");
        RouteAnswer open = space.Lookup.Lookup(query);
        RouteAnswer martian = space.Lookup.Lookup(query with { Source = IPAddress.Parse("127.0.0.1") });
        RouteAnswer foreign = space.Lookup.Lookup(query with { InputInterface = null });
        RouteAnswer mixed = space.Lookup.Lookup(query with { Source = IPAddress.IPv6Loopback });
        RouteAnswer absent = space.Lookup.Lookup(query with { InputInterface = 12345 });
        RouteAnswer hole = space.Lookup.Lookup(query with { Destination = IPAddress.Parse("10.66.0.1") });

        Assert.Contains("does not forward", closed.Reason, StringComparison.Ordinal);
        Assert.Equal((RouteType.Unicast, index), (open.Type, open.OutputInterface));
        Assert.Contains("martian", martian.Reason, StringComparison.Ordinal);
        Assert.Contains("no address of this host", foreign.Reason, StringComparison.Ordinal);
        Assert.Contains("different address families", mixed.Reason, StringComparison.Ordinal);
        Assert.Contains("no such interface", absent.Reason, StringComparison.Ordinal);
        Assert.Equal(RouteType.Blackhole, hole.Type);
    }

    private sealed class RouteSpace : IDisposable
    {
        private readonly TestNamespace _other = new();

        private RouteSpace()
        {
            Place.Connect("va", _other, "vb");
            foreach ((string family, string address, string gateway, string prefix) in new[] { ("-4", "10.9.1.1/24 broadcast +", "10.9.1.", "10.{0}.0.0/16"), ("-6", "fd09::1/64 nodad", "fd09::", "fd{0}::/16") })
            {
                string To(int number) => string.Format(System.Globalization.CultureInfo.InvariantCulture, prefix, number);
                Place.Exec("ip", $"{family} -batch -", $"""
                    address add {address} dev va
                    route add {To(50)} via {gateway}9
                    route add blackhole {To(66)}
                    route add unreachable {To(67)}
                    route add prohibit {To(68)}
                    route add default via {gateway}2 table 1000
                    route add default via {gateway}3 table 1001
                    route add default via {gateway}4 table 1002
                    rule add fwmark 7 lookup 1000 priority 100
                    rule add uidrange 1234-1234 lookup 1001 priority 101
                    rule add ipproto tcp dport 443 lookup 1002 priority 102

                    """);
            }

            Lookup = Place.In(() => new RouteLookup());

            // The kernel puts an IPv6 address into its local table a moment after it was added.
            var own = new RouteQuery { Destination = IPAddress.Parse("fd09::1") };
            Assert.True(SpinWait.SpinUntil(() => Lookup.Lookup(own).Type == RouteType.Local, TimeSpan.FromSeconds(20)));
        }

        public TestNamespace Place { get; } = new();

        public RouteLookup Lookup { get; }

        public static RouteSpace Create()
        {
            TestNamespace.SkipUnlessPossible();
            return new RouteSpace();
        }

        public int IndexOf(string link)
        {
            using RouteNetlink netlink = Place.In(() => new RouteNetlink());
            return netlink.GetLinks().Single(item => item.Name == link).Index;
        }

        public void Dispose()
        {
            Lookup.Dispose();
            Place.Dispose();
            _other.Dispose();
        }
    }
}
