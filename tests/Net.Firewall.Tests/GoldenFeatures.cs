using System.Net;

namespace Net.Firewall.Tests;

/// <summary>Models of conditions, effects, lists and NAT whose compiled text is kept in tests/data/firewall.</summary>
internal static class GoldenFeatures
{
    public static FirewallModel Conditions() => Rules.Model(
        With(Rules.Block(1), new() { ConnectionStates = ConnectionStates.Established | ConnectionStates.Related }) with { Action = RuleAction.Allow },
        With(Rules.Block(2), new() { ConnectionStates = ConnectionStates.Invalid }),
        With(Rules.Block(3) with { Protocol = RuleProtocol.Icmp }, new()
        {
            IcmpTypes = [new(RuleAddressFamily.IPv4, 8), new(RuleAddressFamily.IPv4, 3, 4), new(RuleAddressFamily.IPv6, 128), new(RuleAddressFamily.IPv4, 8, 0)],
        }),
        With(Rules.Block(4) with { Protocol = RuleProtocol.IcmpV6 }, new() { IcmpTypes = [.. Enumerable.Range(130, 12).Select(n => new IcmpTypeMatch(RuleAddressFamily.IPv6, (byte)n))] }),
        With(Rules.BlockPort(5, 80), new() { TcpFlags = new TcpFlagMatch(0x17, 0x02) }),
        With(Rules.Block(6), new() { Dscp = [46, 10] }),
        With(Rules.Block(7), new() { PacketLengths = [new(1000, 1500), new(40)] }),
        With(Rules.Block(8), new() { SourceMacs = [new(0x02005e100001)] }),
        With(Rules.Block(9), new() { Mark = new MarkMatch(0x10, 0xff) }),
        With(Rules.Block(10), new() { Mark = new MarkMatch(0x10) }),
        With(Rules.Block(11, RuleDirection.Outbound), new() { Users = [new(1000, 1999), new(0)], Groups = [new(5)] }),
        With(Rules.Block(12), new() { IsReversePathMissing = true }),
        With(Rules.Block(13, RuleDirection.Outbound), new() { Cgroup = "system.slice/nginx.service" }),
        With(Rules.Block(14, RuleDirection.Outbound), new() { Cgroup = "not.there" }),
        With(Rules.Block(15, RuleDirection.Forward), new() { IsReversePathMissing = true, IsUnconfirmed = true }),
        With(Rules.Block(16), new() { ConnectionStates = ConnectionStates.New | ConnectionStates.Untracked, IsUnconfirmed = true }));

    public static FirewallCompileOptions Options { get; } = new()
    {
        Cgroups = new Dictionary<string, ulong> { ["system.slice/nginx.service"] = 17 },
        CgroupRoot = "unified",
    };

    public static FirewallModel Effects() => Rules.Model(
        Rules.BlockPort(1, 22) with { Effects = new() { Log = true } },
        Rules.Block(2) with { Action = RuleAction.Continue },
        Rules.BlockPort(3, 23) with { Action = RuleAction.Continue, Effects = new() { Log = true, AddSourceTo = 1 } },
        Rules.Block(4, RuleDirection.Forward) with { Action = RuleAction.Continue, Effects = new() { SetDscp = 46, SetTtl = 64, SetMark = new MarkMatch(0x10, 0xf0) } },
        Rules.Block(5, RuleDirection.Forward) with { Action = RuleAction.Allow, Effects = new() { SetMark = new MarkMatch(7) } },
        With(Rules.Block(40, RuleDirection.Forward), new() { Dscp = [10, 46] }) with { Action = RuleAction.Continue, Effects = new() { SetDscp = 46 } },
        Rules.Block(6, RuleDirection.Forward) with { Action = RuleAction.Continue, Protocol = RuleProtocol.Tcp, Effects = new() { MaxSegmentSize = 0 } },
        Rules.Block(7, RuleDirection.Forward) with { Action = RuleAction.Continue, Protocol = RuleProtocol.Tcp, Effects = new() { MaxSegmentSize = 1300 } },
        Rules.BlockPort(8, 24) with { Effects = new() { AddSourceTo = 2, AddSourceFor = TimeSpan.FromMinutes(10) } },
        Rules.Block(9) with { Action = RuleAction.Reject, Protocol = RuleProtocol.Tcp, Effects = new() { RejectWith = RejectKind.TcpReset, Log = true } },
        Rules.Block(10) with { Action = RuleAction.Reject, Effects = new() { RejectWith = RejectKind.TcpReset } },
        Rules.Block(11) with { Action = RuleAction.Reject, Effects = new() { RejectWith = RejectKind.HostUnreachable } },
        Rules.Block(12) with { Action = RuleAction.Reject, Effects = new() { RejectWith = RejectKind.NoRoute } },
        Rules.Block(13) with { Action = RuleAction.Reject, Effects = new() { RejectWith = RejectKind.AdminProhibited } }) with
    {
        AddressLists =
        [
            new() { Id = 1, Name = "seen", IsDynamic = true, Timeout = TimeSpan.FromSeconds(90) },
            new() { Id = 2, Name = "banned", IsDynamic = true, MaxEntries = 1000 },
        ],
    };

    public static FirewallModel Limits() => Rules.Model(
        With(Rules.BlockPort(1, 22), new() { Rate = new(10, RatePeriod.Second) }),
        With(Rules.BlockPort(2, 22), new() { Rate = new(2_000_000, RatePeriod.Minute) { InBytes = true, Above = true, Burst = 1000 } }),
        With(Rules.BlockPort(3, 22), new() { ConnectionStates = ConnectionStates.New, Rate = new(5, RatePeriod.Minute) { PerSource = true, Above = true, Burst = 10 } })
            with
        { Effects = new() { AddSourceTo = 2, Log = true } },
        With(Rules.BlockPort(4, 80), new() { Connections = new(100, Above: true) }) with { Action = RuleAction.Reject },
        With(Rules.BlockPort(5, 80), new() { Connections = new(20, PerSource: true), Rate = new(1, RatePeriod.Day) { PerSource = true } }) with { Action = RuleAction.Continue },

        // Lists that overlap: what asks a limit, or continues, must be asked and counted once.
        With(Rules.Block(6) with { SourceAddresses = [Rules.Address("192.0.2.0/24")] }, new() { SourceLists = [1], Rate = new(7, RatePeriod.Hour) }),
        With(Rules.Block(7) with { SourceAddresses = [Rules.Address("192.0.2.0/24")], Action = RuleAction.Continue }, new() { SourceLists = [1] }),
        With(Rules.Block(8) with { Action = RuleAction.Continue, Effects = new() { Log = true } }, new() { SourceLists = [1, 2] })) with
    {
        AddressLists = Lists().AddressLists,
    };

    public static FirewallModel Lists() => Rules.Model(
        With(Rules.Block(1), new() { SourceLists = [1] }),
        With(Rules.Block(2, RuleDirection.Forward), new() { SourceLists = [1, 2], DestinationLists = [3] }),
        With(Rules.BlockPort(3, 25) with { DestinationAddresses = [Rules.Address("192.0.2.1"), Rules.Address("2001:db8::1")] }, new() { DestinationLists = [1] })) with
    {
        AddressLists =
        [
            new() { Id = 1, Name = "x\"; flush ruleset", Addresses = [Rules.Address("10.0.0.0/8"), Rules.Address("10.1.0.0/16"), Rules.Address("192.168.0.1-192.168.0.7"), Rules.Address("2001:db8::/32")] },
            new() { Id = 2, Name = "dynamic", IsDynamic = true, MaxEntries = 500 },
            new() { Id = 3, Name = "empty" },
        ],
    };

    public static FirewallModel Nat() => FirewallModel.Empty with
    {
        NatRules =
        [
            Rule(1, NatKind.Exempt) with { ExemptsSource = true, DestinationAddresses = [Rules.Address("10.0.0.0/8")] },
            Rule(2, NatKind.Masquerade) with { OutputInterfaces = ["wan0"], IsRandom = true },
            Rule(3, NatKind.Source) with { OutputInterfaces = ["wan1"], ToAddresses = Rules.Address("192.0.2.1-192.0.2.9"), IsPersistent = true, IsRandom = true },
            Rule(4, NatKind.Source) with { Protocol = RuleProtocol.Udp, ToAddresses = Rules.Address("2001:db8::1-2001:db8::9"), ToPorts = new(1000, 2000) },
            Rule(5, NatKind.Destination) with { Protocol = RuleProtocol.Tcp, IsToThisHost = true, DestinationPorts = [new(80), new(443)], InputInterfaces = ["wan0"], ToAddresses = Rules.Address("10.0.0.5"), ToPorts = new(8080), IncludesOwnPackets = true },
            Rule(6, NatKind.Destination) with { Protocol = RuleProtocol.Tcp, DestinationAddresses = [Rules.Address("2001:db8::2")], ToAddresses = Rules.Address("fd00::5"), ToPorts = new(80, 90) },
            Rule(7, NatKind.Redirect) with { Protocol = RuleProtocol.Udp, DestinationPorts = [new(53)], ToPorts = new(5353), SourceAddresses = [Rules.Address("10.0.0.0/8"), Rules.Address("fd00::/8")] },
            Rule(8, NatKind.DestinationPrefix) with { DestinationAddresses = [Rules.Address("192.0.2.0/28")], ToAddresses = Rules.Address("10.9.0.16/28") },
            Rule(9, NatKind.SourcePrefix) with { SourceAddresses = [Rules.Address("fd00:1::/48")], ToAddresses = Rules.Address("2001:db8:1::/48"), OutputInterfaces = ["wan0"] },
            Rule(10, NatKind.SourcePrefix) with { SourceAddresses = [Rules.Address("10.9.0.1")], ToAddresses = Rules.Address("192.0.2.77") },
            Rule(11, NatKind.Exempt) with { DestinationAddresses = [Rules.Address("10.0.0.1")] },
            Rule(12, NatKind.Redirect) with { Enabled = false },
            Rule(13, NatKind.Source) with { ToAddresses = Rules.Address("198.51.100.0/24") },
        ],
    };

    public static FirewallModel Kept() => Rules.Model(
        With(Rules.Block(1), new() { ConnectionStates = ConnectionStates.Established }) with { Action = RuleAction.Allow },
        Rules.Block(2)) with
    {
        KeptSessions =
        [
            new(IPAddress.Parse("192.0.2.7"), 50_000, 22), new(IPAddress.Parse("::ffff:192.0.2.8"), 50_001, 22),
            new(IPAddress.Parse("2001:db8::7"), 50_002, 22), new(IPAddress.Parse("fe80::7%1"), 50_003, 22),
        ],
    };

    /// <summary>More than twelve chunks, so that there are groups, with addresses in no order.</summary>
    public static FirewallModel Guards() => Rules.Model([
        With(Rules.Block(Net.Firewall.Rule.FirstGeneratedId), new() { ConnectionStates = ConnectionStates.Established | ConnectionStates.Related }) with { Action = RuleAction.Allow },
        .. Enumerable.Range(1, 840).Select(n => Rules.Block(n) with { SourceAddresses = [AddressRange.FromNumbers(RuleAddressFamily.IPv4, (uint)n * 7919 % 65_536 << 8, (uint)n * 7919 % 65_536 << 8)] }),
    ]);

    /// <summary>A change of one list by one address, of one NAT rule, and of one limit.</summary>
    public static (NftTransaction Start, NftTransaction Step) Change()
    {
        FirewallModel before = Limits() with { NatRules = [.. Nat().NatRules.Select(rule => rule with { Id = rule.Id + 100 })] };
        FirewallCompilation start = NftablesCompiler.CompileFull(before);
        FirewallModel next = before with
        {
            AddressLists = before.AddressLists.SetItem(0, before.AddressLists[0] with { Addresses = before.AddressLists[0].Addresses.Add(Rules.Address("203.0.113.5")).Remove(Rules.Address("192.168.0.1-192.168.0.7")) }),
            NatRules = before.NatRules.SetItem(6, before.NatRules[6] with { ToPorts = new(5354) }),
            Rules = before.Rules.SetItem(0, With(before.Rules[0], new() { Rate = new(11, RatePeriod.Second) { PerSource = true } })),
        };
        return (start.Transaction, NftablesCompiler.CompileChange(start.Result, next).Transaction);
    }

    private static Rule With(Rule rule, RuleConditions conditions) => rule with { Conditions = conditions };

    private static NatRule Rule(long id, NatKind kind) => new() { Id = id, Name = $"nat-{id}", Kind = kind };
}
