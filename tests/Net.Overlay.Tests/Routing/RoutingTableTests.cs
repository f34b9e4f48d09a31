using System.Globalization;
using Net.Overlay.Routing;
using Net.Testing;

namespace Net.Overlay.Tests.Routing;

public sealed class RoutingTableTests
{
    [Fact]
    public void The_longest_prefix_wins()
    {
        RoutingTable table = RoutingTable.Build(
        [
            Route("10.0.0.0/8", RouteOwner.Gateway, 1),
            Route("10.1.0.0/16", RouteOwner.Gateway, 2),
            Route("10.1.2.3/32", RouteOwner.Node, 3),
            Route("0.0.0.0/0", RouteOwner.DefaultGateway, 4),
            Route("100.64.0.1/32", RouteOwner.Local, RoutingTable.LocalNode),
        ]);

        Assert.Equal(1, table.Lookup([10, 2, 0, 1]));
        Assert.Equal(2, table.Lookup([10, 1, 2, 4]));
        Assert.Equal(3, table.Lookup([10, 1, 2, 3]));
        Assert.Equal(4, table.Lookup([8, 8, 8, 8]));
        Assert.Equal(RoutingTable.LocalNode, table.Lookup([100, 64, 0, 1]));
    }

    [Fact]
    public void Without_a_route_there_is_none()
    {
        RoutingTable table = RoutingTable.Build([Route("10.0.0.0/8", RouteOwner.Gateway, 1)]);

        Assert.Equal(RoutingTable.NoRoute, table.Lookup([11, 0, 0, 1]));
        Assert.Equal(RoutingTable.NoRoute, table.Lookup(new byte[16]));
        Assert.Equal(RoutingTable.NoRoute, table.Lookup([10, 0, 0]));
        Assert.Equal(RoutingTable.NoRoute, RoutingTable.Empty.Lookup([10, 0, 0, 1]));
        Assert.False(table.Owns(1, [11, 0, 0, 1]));
    }

    [Fact]
    public void On_an_equal_prefix_local_goes_before_node_before_gateway_before_default_gateway()
    {
        List<OverlayRoute> routes =
        [
            Route("10.0.0.0/8", RouteOwner.DefaultGateway, 4, preference: 0),
            Route("10.0.0.0/8", RouteOwner.Gateway, 3, preference: 1),
            Route("10.0.0.0/8", RouteOwner.Node, 2, preference: 2),
            Route("10.0.0.0/8", RouteOwner.Local, RoutingTable.LocalNode, preference: 3),
        ];

        foreach (int expected in new[] { RoutingTable.LocalNode, 2, 3, 4 })
        {
            RoutingTable table = RoutingTable.Build(routes);
            Assert.Equal(expected, table.Lookup([10, 0, 0, 1]));
            routes.RemoveAt(routes.Count - 1);
        }
    }

    [Fact]
    public void Among_gateways_health_goes_before_preference()
    {
        RoutingTable table = RoutingTable.Build(
        [
            Route("10.0.0.0/8", RouteOwner.Gateway, 1, preference: 1, healthy: false),
            Route("10.0.0.0/8", RouteOwner.Gateway, 2, preference: 5),
            Route("10.0.0.0/8", RouteOwner.Gateway, 3, preference: 9),
        ]);

        Assert.Equal(2, table.Lookup([10, 0, 0, 1]));
    }

    [Fact]
    public void A_prefix_without_a_healthy_route_does_not_leak_to_the_default_gateway()
    {
        RoutingTable table = RoutingTable.Build(
        [
            Route("10.0.0.0/8", RouteOwner.Gateway, 1, healthy: false),
            Route("0.0.0.0/0", RouteOwner.DefaultGateway, 2),
        ]);

        Assert.Equal(1, table.Lookup([10, 0, 0, 1]));
        Assert.Contains(table.Explain(), line => line.IsSelected && line.Route.PeerIndex == 1 && line.Reason.Contains("do not leave elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public void A_peer_may_send_only_from_what_it_owns()
    {
        RoutingTable table = RoutingTable.Build(
        [
            Route("0.0.0.0/0", RouteOwner.DefaultGateway, 9),
            Route("10.0.0.0/8", RouteOwner.Gateway, 1),
            Route("10.0.0.0/8", RouteOwner.Gateway, 2, healthy: false),
            Route("100.64.0.3/32", RouteOwner.Node, 3),
            Route("100.64.0.3/32", RouteOwner.Gateway, 4),
            Route("100.64.0.1/32", RouteOwner.Local, RoutingTable.LocalNode),
        ]);

        Assert.True(table.Owns(1, [10, 0, 0, 1]));
        Assert.True(table.Owns(2, [10, 0, 0, 1]), "a gateway that stands by may answer for what was sent through it");
        Assert.True(table.Owns(3, [100, 64, 0, 3]));
        Assert.True(table.Owns(9, [8, 8, 8, 8]));
        Assert.False(table.Owns(4, [100, 64, 0, 3]), "advertising a node's address as a subnet gives no right to it");
        Assert.False(table.Owns(9, [10, 0, 0, 1]), "the default gateway does not own longer prefixes");
        Assert.False(table.Owns(3, [100, 64, 0, 1]), "nobody else is this node");
        Assert.False(table.Owns(1, [8, 8, 8, 8]));
    }

    [Fact]
    public void Every_route_is_explained()
    {
        RoutingTable table = RoutingTable.Build(
        [
            Route("10.0.0.0/8", RouteOwner.Gateway, 1, preference: 2),
            Route("10.0.0.0/8", RouteOwner.Gateway, 2, preference: 1, healthy: false),
            Route("10.0.0.0/8", RouteOwner.Gateway, 3, preference: 3),
            Route("10.0.0.0/8", RouteOwner.Gateway, 4, preference: 2),
            Route("10.0.0.0/8", RouteOwner.DefaultGateway, 5),
            Route("fd00::/8", RouteOwner.Gateway, 1),
        ]);

        IReadOnlyList<RouteExplanation> lines = table.Explain();

        Assert.Equal(6, lines.Count);
        Assert.Equal("It is the best of 5 routes to 10.0.0.0/8.", lines.Single(line => line.Route.PeerIndex == 1 && !line.Route.Prefix.IsIPv6).Reason);
        Assert.Contains("as good as", lines.Single(line => line.Route.PeerIndex == 4).Reason, StringComparison.Ordinal);
        Assert.Contains("preference 3 is behind 2", lines.Single(line => line.Route.PeerIndex == 3).Reason, StringComparison.Ordinal);
        Assert.Contains("not healthy", lines.Single(line => line.Route.PeerIndex == 2).Reason, StringComparison.Ordinal);
        Assert.Contains("a gateway goes before the default gateway", lines.Single(line => line.Route.PeerIndex == 5).Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("It is the only route to fd00::/8.", lines.Single(line => line.Route.Prefix.IsIPv6).Reason);
        Assert.Equal(2, lines.Count(line => line.IsSelected));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(16, 3)]
    [InlineData(16, 4)]
    public void Lookups_agree_with_looking_at_every_prefix(int addressBytes, int seed)
    {
        var random = new Random(seed);
        OverlayRoute[] routes = [.. RandomPrefixes(random, addressBytes, 2000).Select((prefix, index) => new OverlayRoute(prefix, RouteOwner.Gateway, index, 0, true, "", ""))];
        RoutingTable table = RoutingTable.Build(routes);
        OverlayRoute[] longestFirst = [.. routes.OrderByDescending(route => route.Prefix.Length)];

        byte[] address = new byte[addressBytes];
        for (int count = 0; count < 4_000; count++)
        {
            // Half of the addresses lie in or just beside a prefix, where mistakes are.
            random.NextBytes(address);
            if (count % 2 == 0)
            {
                routes[random.Next(routes.Length)].Prefix.WriteAddress(address);
                address[random.Next(addressBytes)] ^= (byte)(random.Next(4) == 0 ? 1 << random.Next(8) : 0);
            }

            int expected = longestFirst.FirstOrDefault(route => route.Prefix.Contains(address))?.PeerIndex ?? RoutingTable.NoRoute;
            Assert.Equal(expected, table.Lookup(address));
        }
    }

    [Fact]
    public void A_hundred_thousand_prefixes_are_found_without_allocating()
    {
        var random = new Random(5);
        OverlayRoute[] routes =
        [
            .. RandomPrefixes(random, 4, 50_000).Concat(RandomPrefixes(random, 16, 50_000))
                .Select((prefix, index) => new OverlayRoute(prefix, RouteOwner.Gateway, index % 500, 0, true, "", "")),
        ];
        RoutingTable table = RoutingTable.Build(routes);
        byte[][] addresses = [.. routes.Take(1000).Concat(routes.TakeLast(1000)).Select(route => route.Prefix.ToIPAddress().GetAddressBytes())];

        // The first calls may initialize types.
        Assert.True(table.Owns(table.Lookup(addresses[0]), addresses[0]));

        int found = 0;
        Assert.Equal(0, Allocations.Least(() =>
        {
            found = 0;
            for (int round = 0; round < 10; round++)
            {
                foreach (byte[] address in addresses)
                {
                    found += table.Lookup(address) >= 0 && table.Owns(table.Lookup(address), address) ? 1 : 0;
                }
            }
        }));
        Assert.Equal(20_000, found);
        Assert.True(table.SizeBytes < 16 << 20, $"the table takes {(table.SizeBytes >> 10).ToString(CultureInfo.InvariantCulture)} KiB");
    }

    [Fact]
    public void Routes_in_another_order_give_the_same_table()
    {
        OverlayRoute[] routes = [.. Enumerable.Range(0, 8).Select(peer => Route("10.0.0.0/8", RouteOwner.Gateway, peer))];

        Assert.Equal(0, RoutingTable.Build(routes).Lookup([10, 0, 0, 1]));
        Assert.Equal(0, RoutingTable.Build(routes.Reverse()).Lookup([10, 0, 0, 1]));
    }

    private static OverlayRoute Route(string prefix, RouteOwner owner, int peer, int preference = 0, bool healthy = true) =>
        new(OverlayPrefix.Parse(prefix), owner, peer, preference, healthy, "configuration", healthy ? "It answers." : "It does not answer.");

    // Prefixes that share long beginnings, so that they nest and touch.
    private static IEnumerable<OverlayPrefix> RandomPrefixes(Random random, int addressBytes, int count)
    {
        var seen = new HashSet<OverlayPrefix>();
        byte[] address = new byte[addressBytes];
        while (seen.Count < count)
        {
            if (random.Next(3) == 0)
            {
                random.NextBytes(address);
                address[0] = 10;
            }
            else
            {
                random.NextBytes(address.AsSpan(random.Next(1, addressBytes)));
            }

            var prefix = new OverlayPrefix(address, random.Next(8, (addressBytes * 8) + 1));
            if (seen.Add(prefix))
            {
                yield return prefix;
            }
        }
    }
}
