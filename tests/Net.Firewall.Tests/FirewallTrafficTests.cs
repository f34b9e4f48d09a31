using System.Net;

namespace Net.Firewall.Tests;

/// <summary>Real packets through compiled rule sets: what each condition and effect comes to in the kernel.</summary>
public sealed class FirewallTrafficTests
{
    private const RuleDirection Forward = RuleDirection.Forward;

    [Fact]
    public void Conditions_match_the_packets_they_name()
    {
        using TrafficNetwork network = Start();
        network.Firewall.Apply(NftablesCompiler.CompileFull(Rules.Model(
            Count(1, new() { ConnectionStates = ConnectionStates.New }),
            Count(2, new() { ConnectionStates = ConnectionStates.Established }),
            Count(3, new() { SourceMacs = [Mac(TrafficNetwork.ClientMac)] }),
            Count(4, new() { SourceMacs = [Mac("02:00:00:00:00:77")] }),
            Count(5, new() { PacketLengths = [new(33)] }),
            Count(6, new() { PacketLengths = [new(100, 200)] }),
            Count(7, new()) with { Effects = new() { SetMark = new MarkMatch(0x5, 0xf), SetDscp = 46, SetTtl = 42 } },
            Count(8, new() { Mark = new MarkMatch(0x5, 0xff) }),
            Count(9, new() { Dscp = [46] }),
            Count(10, new() { Dscp = [0] }),
            Count(11, new() { SourceLists = [1] }) with { SourceAddresses = [Rules.Address("10.1.0.2")] },
            Count(12, new() { SourceLists = [1, 2] }) with { Effects = new() { AddSourceTo = 3 } },
            Count(13, new() { SourceLists = [3] }),
            Count(14, new() { SourceLists = [2] }),
            Count(15, new() { IsReversePathMissing = true })) with
        {
            AddressLists =
            [
                new() { Id = 1, Name = "clients", Addresses = [Rules.Address("10.1.0.0/24"), Rules.Address("fd01::/64")] },
                new() { Id = 2, Name = "empty" },
                new() { Id = 3, Name = "seen", IsDynamic = true, Timeout = TimeSpan.FromMinutes(5) },
            ],
        }).Transaction);
        network.Expect("dscp4", "ip dscp 46 ip ttl 42");
        network.Expect("dscp6", "ip6 dscp 46 ip6 hoplimit 42");

        network.Client.Shell("echo -n 12345 > /dev/udp/10.2.0.2/1000");
        network.Client.Shell("echo -n 12345 > /dev/udp/fd02::2/1000");
        network.Client.Ip("address add 10.99.0.1/32 dev lo");
        network.Client.Ip("route add 10.2.0.0/24 via 10.1.0.1 src 10.99.0.1");
        network.Client.Shell("echo -n spoofed > /dev/udp/10.2.0.2/1000");

        // The server answers "port unreachable", which is related.
        Assert.Equal((3ul, 0ul), (network.Count(1), network.Count(2)));
        Assert.Equal((3ul, 0ul), (network.Count(3), network.Count(4)));
        Assert.Equal(1ul, network.Count(5));
        Assert.True(network.Count(8) >= 3 && network.Count(9) >= 3 && network.Count(10) == 0, "mark and code point were set for the rules behind");
        Assert.Equal((2ul, 2ul, 2ul), (network.Count(11), network.Count(12), network.Count(13)));
        Assert.Equal(0ul, network.Count(14));
        Assert.Equal(1ul, network.Count(15));
        Assert.Equal((2ul, 1ul), (network.Arrived("dscp4"), network.Arrived("dscp6")));
        Assert.Contains("10.1.0.2 timeout 5m", network.Firewall.Run(null, "list", "set", "inet", "netmod", "l3_4"), StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_are_asked_once_for_each_packet_that_matches_everything_else()
    {
        using TrafficNetwork network = Start();
        RateLimit three = new(1, RatePeriod.Hour) { Burst = 3 };
        FirewallModel model = Rules.Model(
            Count(1, new() { Rate = three }),
            Count(2, new() { Rate = three with { Above = true } }),
            Count(3, new() { Rate = three with { PerSource = true } }),
            Count(4, new() { Rate = three, SourceLists = [1] }) with { SourceAddresses = [Rules.Address("10.1.0.0/24")] },
            Count(5, new() { Connections = new(2, Above: true) }),
            Count(6, new() { Connections = new(2, PerSource: true) })) with
        {
            AddressLists = [new() { Id = 1, Name = "clients", Addresses = [Rules.Address("10.1.0.0/16")] }],
        };
        model = model with { Rules = [.. model.Rules.Select(rule => rule with { Protocol = RuleProtocol.Udp })] };
        FirewallCompilation compiled = NftablesCompiler.CompileFull(model);
        network.Firewall.Apply(compiled.Transaction);

        network.Client.Shell("for n in 1 2 3 4 5 6; do echo -n x > /dev/udp/10.2.0.2/1000; done");

        Assert.Equal((3ul, 3ul, 3ul, 3ul), (network.Count(1), network.Count(2), network.Count(3), network.Count(4)));
        Assert.Equal((4ul, 2ul), (network.Count(5), network.Count(6)));

        // A change next to them keeps what they remember.
        network.Firewall.Apply(NftablesCompiler.CompileChange(compiled.Result, model with { Rules = model.Rules.Insert(0, Count(7, new())) }).Transaction);
        network.Client.Shell("echo -n x > /dev/udp/10.2.0.2/1000");

        Assert.Equal(1ul, network.Count(7));
        Assert.Equal((3ul, 4ul, 3ul, 3ul), (network.Count(1), network.Count(2), network.Count(3), network.Count(4)));
    }

    [Fact]
    public void Senders_are_known_by_user_and_control_group()
    {
        using TrafficNetwork network = Start();
        string name = $"fw-test-{Environment.ProcessId}";
        string? root = new[] { "/sys/fs/cgroup/unified", "/sys/fs/cgroup" }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "cgroup.procs")));
        Assert.SkipWhen(root is null, "no control groups of version 2 here");
        string folder = Path.Combine(root, name, "inner");
        Directory.CreateDirectory(folder);
        try
        {
            FirewallModel model = Rules.Model(
                Count(1, new() { Users = [new(0)] }) with { Direction = RuleDirection.Outbound },
                Count(2, new() { Users = [new(1, 5000)] }) with { Direction = RuleDirection.Outbound },
                Count(3, new() { Cgroup = name }) with { Direction = RuleDirection.Outbound },
                Count(4, new() { Cgroup = $"{name}/inner" }) with { Direction = RuleDirection.Outbound },
                Count(5, new() { Cgroup = $"{name}/missing" }) with { Direction = RuleDirection.Outbound });
            FirewallCompileOptions options = new() { CgroupRoot = root.EndsWith("unified", StringComparison.Ordinal) ? "unified" : "", Cgroups = new Dictionary<string, ulong> { [name] = 1, [$"{name}/inner"] = 2 } };
            FirewallCompilation compiled = NftablesCompiler.CompileFull(model, options: options);
            network.Firewall.Apply(compiled.Transaction);

            network.Firewall.Shell("echo -n x > /dev/udp/10.2.0.2/1000");
            network.Firewall.Shell($"echo $$ > {folder}/cgroup.procs; echo -n x > /dev/udp/10.2.0.2/1000");

            Assert.Equal([5L], compiled.Result.LeftOut.Select(rule => rule.RuleId));
            Assert.Equal((2ul, 0ul, 1ul, 1ul), (network.Count(1), network.Count(2), network.Count(3), network.Count(4)));
        }
        finally
        {
            Directory.Delete(folder);
            Directory.Delete(Path.Combine(root, name));
        }
    }

    [Fact]
    public void Destinations_and_sources_are_translated()
    {
        using TrafficNetwork network = Start();
        network.Firewall.Apply(NftablesCompiler.CompileFull(FirewallModel.Empty with
        {
            NatRules =
            [
                Nat(1, NatKind.Destination) with { Protocol = RuleProtocol.Udp, IsToThisHost = true, DestinationPorts = [new(53)], ToAddresses = Rules.Address("10.2.0.2"), ToPorts = new(5353) },
                Nat(2, NatKind.DestinationPrefix) with { DestinationAddresses = [Rules.Address("192.0.2.0/28")], ToAddresses = Rules.Address("10.2.0.0/28") },
                Nat(3, NatKind.DestinationPrefix) with { DestinationAddresses = [Rules.Address("2001:db8:2::/64")], ToAddresses = Rules.Address("fd02::/64") },
                Nat(4, NatKind.Exempt) with { ExemptsSource = true, Protocol = RuleProtocol.Udp, DestinationPorts = [new(7)] },
                Nat(5, NatKind.SourcePrefix) with { SourceAddresses = [Rules.Address("10.1.0.0/24")], ToAddresses = Rules.Address("172.16.5.0/24"), Protocol = RuleProtocol.Udp, DestinationPorts = [new(2000)] },
                Nat(6, NatKind.SourcePrefix) with { SourceAddresses = [Rules.Address("fd01::/64")], ToAddresses = Rules.Address("2001:db8:1::/64") },
                Nat(7, NatKind.Masquerade) with { OutputInterfaces = ["s0"] },
            ],
        }).Transaction);
        network.Expect("to_port", "ip saddr 10.2.0.1 udp dport 5353");
        network.Expect("prefix4", "ip daddr 10.2.0.2 udp dport 1000");
        network.Expect("prefix6", "ip6 daddr fd02::2 ip6 saddr 2001:db8:1::2 udp dport 1000");
        network.Expect("exempt", "ip saddr 10.1.0.2 udp dport 7");
        network.Expect("sources", "ip saddr 172.16.5.2 udp dport 2000");

        network.Client.Shell("echo -n x > /dev/udp/10.1.0.1/53; echo -n x > /dev/udp/192.0.2.2/1000; echo -n x > /dev/udp/2001:db8:2::2/1000; echo -n x > /dev/udp/10.2.0.2/7; echo -n x > /dev/udp/10.2.0.2/2000");

        Assert.Equal((1ul, 1ul, 1ul, 1ul, 1ul), (network.Arrived("to_port"), network.Arrived("prefix4"), network.Arrived("prefix6"), network.Arrived("exempt"), network.Arrived("sources")));
        IReadOnlyDictionary<string, RuleCounter> counters = network.Firewall.Counters();
        Assert.All(Enumerable.Range(1, 6), id => Assert.Equal(1ul, counters[FirewallTable.NatCounter(id)].Packets));
        Assert.Equal(2ul, counters[FirewallTable.NatCounter(7)].Packets);
    }

    [Fact]
    public void Kept_sessions_pass_where_everything_else_is_dropped()
    {
        using TrafficNetwork network = Start();
        network.Firewall.Apply(NftablesCompiler.CompileFull(Rules.Model(Rules.Block(1), Rules.Block(2, RuleDirection.Outbound)) with
        {
            KeptSessions = [.. Enumerable.Range(40_000, 4).Select(port => new KeptSession(IPAddress.Parse("10.1.0.2"), (ushort)port, 22))],
        }).Transaction);
        network.Client.Shell("echo 40000 40003 > /proc/sys/net/ipv4/ip_local_port_range");

        network.Client.Shell("exec 3<>/dev/tcp/10.1.0.1/23");
        bool hadAnswer = !network.Client.Shell("timeout 1 bash -c 'exec 3<>/dev/tcp/10.1.0.1/22'; [ $? = 124 ]");

        Assert.True(hadAnswer, "nobody listens, and the reset came back");
        Assert.True(network.Firewall.Counters()[FirewallTable.KeptCounter].Packets >= 2, "both ways are kept");
        Assert.True(network.Count(1) > 0, "another port is dropped");
    }

    [Fact]
    public void Rejections_reach_the_sender()
    {
        using TrafficNetwork network = Start();
        network.Firewall.Apply(NftablesCompiler.CompileFull(Rules.Model(
            Rules.BlockPort(1, 81, Forward) with { Action = RuleAction.Reject },
            Rules.BlockPort(2, 82, Forward) with { Action = RuleAction.Reject, Effects = new() { RejectWith = RejectKind.HostUnreachable } },
            Rules.Block(3, Forward) with { Action = RuleAction.Reject, Effects = new() { Log = true } })).Transaction);
        network.Client.Run("table inet seen { counter rst { }\ncounter host { }\ncounter port { }\nchain in { type filter hook input priority 0; tcp flags & 4 == 4 counter name \"rst\"\nicmp type 3 icmp code 1 counter name \"host\"\nicmp type 3 icmp code 3 counter name \"port\"\n}\n}\n", "-f", "-");

        network.Client.Shell("exec 3<>/dev/tcp/10.2.0.2/81");
        network.Client.Shell("exec 3<>/dev/tcp/10.2.0.2/82");
        network.Client.Shell("exec 3<>/dev/tcp/10.2.0.2/83");
        network.Client.Shell("echo -n x > /dev/udp/10.2.0.2/84");

        IReadOnlyDictionary<string, RuleCounter> seen = network.Client.Counters();
        Assert.Equal((2ul, 1ul), (seen["rst"].Packets, seen["port"].Packets));
        Assert.InRange(seen["host"].Packets, 1ul, 10ul);
    }

    private static TrafficNetwork Start()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        return new TrafficNetwork();
    }

    private static Rule Count(long id, RuleConditions conditions) => Rules.Block(id, Forward) with { Action = RuleAction.Continue, Conditions = conditions };

    private static NatRule Nat(long id, NatKind kind) => new() { Id = id, Name = $"nat-{id}", Kind = kind };

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out MacAddress address) ? address : throw new ArgumentException(text, nameof(text));
}
