using System.Globalization;

namespace Net.Lab;

/// <summary>The topologies that come with the library.</summary>
public static class LabTopologies
{
    /// <summary>Every built-in topology, with its defaults, by the name the command line knows it by.</summary>
    public static IReadOnlyDictionary<string, Func<LabTopology>> BuiltIn { get; } = new Dictionary<string, Func<LabTopology>>(StringComparer.Ordinal)
    {
        ["pair"] = Pair,
        ["chain"] = Chain,
        ["bridge"] = () => Bridge(),
        ["two-uplinks"] = TwoUplinks,
        ["nat-pair"] = () => NatPair(),
    };

    /// <summary>Two hosts on one link: <c>left</c> 10.1.0.1 and <c>right</c> 10.1.0.2 (2001:db8:1::1 and ::2), both on <c>eth0</c>.</summary>
    public static LabTopology Pair() => new()
    {
        Name = "pair",
        Description = "Two hosts on one link.",
        Nodes = [LabNodeDefinition.Host("left"), LabNodeDefinition.Host("right")],
        Links = [Link("left/eth0 10.1.0.1/24 2001:db8:1::1/64", "right/eth0 10.1.0.2/24 2001:db8:1::2/64")],
    };

    /// <summary>Host, router, host: <c>left</c> 10.1.0.2, <c>router</c> with <c>eth0</c> 10.1.0.1 and <c>eth1</c> 10.2.0.1, <c>right</c> 10.2.0.2
    /// (2001:db8:1::/64 and 2001:db8:2::/64 with the same ends).</summary>
    public static LabTopology Chain() => new()
    {
        Name = "chain",
        Description = "Two hosts with a router between.",
        Nodes =
        [
            LabNodeDefinition.Host("left", LabRoute.Default("10.1.0.1"), LabRoute.Default("2001:db8:1::1")),
            LabNodeDefinition.Router("router"),
            LabNodeDefinition.Host("right", LabRoute.Default("10.2.0.1"), LabRoute.Default("2001:db8:2::1")),
        ],
        Links =
        [
            Link("left/eth0 10.1.0.2/24 2001:db8:1::2/64", "router/eth0 10.1.0.1/24 2001:db8:1::1/64"),
            Link("router/eth1 10.2.0.1/24 2001:db8:2::1/64", "right/eth0 10.2.0.2/24 2001:db8:2::2/64"),
        ],
    };

    /// <summary>Hosts <c>host1</c> to <c>hostN</c> on one switch: 10.1.0.1 to 10.1.0.N (2001:db8:1::1 and so on), all on <c>eth0</c>; <c>switch</c> has ports <c>port1</c> to <c>portN</c>.</summary>
    /// <param name="hosts">How many hosts, 1 to 100.</param>
    public static LabTopology Bridge(int hosts = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hosts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hosts, 100);
        int[] numbers = [.. Enumerable.Range(1, hosts)];
        return new LabTopology
        {
            Name = "bridge",
            Description = "Hosts on one switch.",
            Nodes = [LabNodeDefinition.Bridge("switch"), .. numbers.Select(i => LabNodeDefinition.Host(Numbered("host", i)))],
            Links = [.. numbers.Select(i => Link(
                string.Create(CultureInfo.InvariantCulture, $"host{i}/eth0 10.1.0.{i}/24 2001:db8:1::{i:x}/64"),
                string.Create(CultureInfo.InvariantCulture, $"switch/port{i}")))],
        };
    }

    /// <summary>A client behind a router with two providers, and a server that both reach.</summary>
    /// <remarks>
    /// <para><c>client</c> eth0 10.10.0.2 - <c>router</c> lan0 10.10.0.1, wan0 192.0.2.2 and wan1 198.51.100.2 - <c>isp-a</c> wan0 192.0.2.1,
    /// net0 203.0.113.1 and <c>isp-b</c> wan0 198.51.100.1, net0 203.0.113.2 - <c>internet</c> (a switch) - <c>server</c> eth0 203.0.113.10.
    /// IPv6 likewise: 2001:db8:10::/64 the client's, 2001:db8:a::/64 and 2001:db8:b::/64 the uplinks, 2001:db8:cafe::/64 the internet (server ::10).</para>
    /// <para>The router's default routes are by wan0 (metric 100) and wan1 (metric 200). It masquerades on both uplinks, IPv4 and IPv6, so that answers come
    /// back by the uplink that was used; the return routes to the client's own network exist too (isp-a first), for whoever removes the translation.</para>
    /// </remarks>
    public static LabTopology TwoUplinks() => new()
    {
        Name = "two-uplinks",
        Description = "A client behind a router with two uplinks, and a server on the internet.",
        Nodes =
        [
            LabNodeDefinition.Host("client", LabRoute.Default("10.10.0.1"), LabRoute.Default("2001:db8:10::1")),
            LabNodeDefinition.Translator(
                "router",
                new LabNat { Outside = ["wan0", "wan1"], TranslateIPv6 = true },
                LabRoute.Default("192.0.2.1", "wan0", 100),
                LabRoute.Default("198.51.100.1", "wan1", 200),
                LabRoute.Default("2001:db8:a::1", "wan0", 100),
                LabRoute.Default("2001:db8:b::1", "wan1", 200)),
            Provider("isp-a", "192.0.2.2", "2001:db8:a::2"),
            Provider("isp-b", "198.51.100.2", "2001:db8:b::2"),
            LabNodeDefinition.Bridge("internet"),
            LabNodeDefinition.Host(
                "server",
                LabRoute.Prefix("192.0.2.0/24", "203.0.113.1"),
                LabRoute.Prefix("198.51.100.0/24", "203.0.113.2"),
                LabRoute.Prefix("10.10.0.0/24", "203.0.113.1", metric: 100),
                LabRoute.Prefix("10.10.0.0/24", "203.0.113.2", metric: 200),
                LabRoute.Prefix("2001:db8:a::/64", "2001:db8:cafe::1"),
                LabRoute.Prefix("2001:db8:b::/64", "2001:db8:cafe::2"),
                LabRoute.Prefix("2001:db8:10::/64", "2001:db8:cafe::1", metric: 100),
                LabRoute.Prefix("2001:db8:10::/64", "2001:db8:cafe::2", metric: 200)),
        ],
        Links =
        [
            Link("client/eth0 10.10.0.2/24 2001:db8:10::2/64", "router/lan0 10.10.0.1/24 2001:db8:10::1/64"),
            Link("router/wan0 192.0.2.2/24 2001:db8:a::2/64", "isp-a/wan0 192.0.2.1/24 2001:db8:a::1/64"),
            Link("router/wan1 198.51.100.2/24 2001:db8:b::2/64", "isp-b/wan0 198.51.100.1/24 2001:db8:b::1/64"),
            Link("isp-a/net0 203.0.113.1/24 2001:db8:cafe::1/64", "internet/port1"),
            Link("isp-b/net0 203.0.113.2/24 2001:db8:cafe::2/64", "internet/port2"),
            Link("server/eth0 203.0.113.10/24 2001:db8:cafe::10/64", "internet/port3"),
        ],
    };

    /// <summary>Two hosts, each behind a NAT of its own, and a public host: what peer-to-peer has to get through.</summary>
    /// <remarks>
    /// <c>left</c> 10.1.0.2 behind <c>left-nat</c> (lan0 10.1.0.1, wan0 203.0.113.1), <c>right</c> 10.2.0.2 behind <c>right-nat</c> (lan0 10.2.0.1,
    /// wan0 203.0.113.2), <c>public</c> 203.0.113.10 (and 203.0.113.11, a second address to filter by), all on the switch <c>internet</c>.
    /// <c>left2</c> 10.1.0.3 is a second host behind the left NAT, on its lan switch <c>left-lan</c>.
    /// With a carrier-grade NAT, <c>left-nat</c> has wan0 100.64.0.2 behind <c>left-cgnat</c> (cust0 100.64.0.1, wan0 203.0.113.1).
    /// IPv4 only behind the NATs: with IPv6 there would be nothing to get through.
    /// </remarks>
    /// <param name="left">The left NAT.</param>
    /// <param name="right">The right NAT.</param>
    /// <param name="leftCarrierGrade">A carrier-grade NAT in front of the left one, if any.</param>
    /// <param name="hairpin">Whether the NATs that can do so turn packets for their own outside endpoints around.</param>
    public static LabTopology NatPair(
        NatKind left = NatKind.AddressAndPortDependentFiltering,
        NatKind right = NatKind.AddressAndPortDependentFiltering,
        NatKind? leftCarrierGrade = null,
        bool hairpin = false)
    {
        List<LabNodeDefinition> nodes =
        [
            LabNodeDefinition.Host("left", LabRoute.Default("10.1.0.1")),
            LabNodeDefinition.Host("left2", LabRoute.Default("10.1.0.1")),
            LabNodeDefinition.Bridge("left-lan"),
            Home("left-nat", left, leftCarrierGrade is null ? null : "100.64.0.1", hairpin),
            LabNodeDefinition.Bridge("internet"),
            LabNodeDefinition.Host("public"),
            Home("right-nat", right, null, hairpin),
            LabNodeDefinition.Host("right", LabRoute.Default("10.2.0.1")),
        ];
        List<LabLink> links =
        [
            Link("left/eth0 10.1.0.2/24", "left-lan/port1"),
            Link("left2/eth0 10.1.0.3/24", "left-lan/port2"),
            Link("left-nat/lan0 10.1.0.1/24", "left-lan/port3"),
            Link("public/eth0 203.0.113.10/24 203.0.113.11/24 2001:db8:cafe::10/64", "internet/port1"),
            Link("right-nat/wan0 203.0.113.2/24 2001:db8:cafe::2/64", "internet/port2"),
            Link("right/eth0 10.2.0.2/24", "right-nat/lan0 10.2.0.1/24"),
        ];
        if (leftCarrierGrade is { } carrier)
        {
            nodes.Add(Home("left-cgnat", carrier, null, hairpin));
            links.Add(Link("left-nat/wan0 100.64.0.2/24", "left-cgnat/cust0 100.64.0.1/24"));
            links.Add(Link("left-cgnat/wan0 203.0.113.1/24 2001:db8:cafe::1/64", "internet/port3"));
        }
        else
        {
            links.Add(Link("left-nat/wan0 203.0.113.1/24 2001:db8:cafe::1/64", "internet/port3"));
        }

        return new LabTopology { Name = "nat-pair", Description = "Two hosts behind NATs, and a public host.", Nodes = nodes, Links = links };
    }

    private static LabNodeDefinition Home(string name, NatKind kind, string? gateway, bool hairpin)
    {
        bool canTurn = kind is NatKind.EndpointIndependent or NatKind.AddressDependentFiltering or NatKind.AddressAndPortDependentFiltering;
        LabRoute[] routes = gateway is null ? [] : [LabRoute.Default(gateway)];
        return LabNodeDefinition.Translator(name, new LabNat { Kind = kind, Outside = ["wan0"], Hairpin = hairpin && canTurn }, routes);
    }

    private static LabNodeDefinition Provider(string name, string customer, string customer6) => LabNodeDefinition.Router(
        name,
        LabRoute.Prefix("10.10.0.0/24", customer),
        LabRoute.Prefix("2001:db8:10::/64", customer6));

    private static string Numbered(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");

    private static LabLink Link(string a, string b) => new() { A = End(a), B = End(b) };

    // "node/interface address address": short enough to read a topology at a glance.
    private static LabLinkEnd End(string text)
    {
        string[] parts = text.Split(' ');
        string[] names = parts[0].Split('/');
        return new LabLinkEnd { Node = names[0], Interface = names[1], Addresses = parts[1..] };
    }
}
