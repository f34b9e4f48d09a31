using System.Net;
using Net.Contracts;
using Net.Engine.Firewall.Checks;
using Net.Engine.Firewall.Translation;
using Net.Firewall;
using AddressRange = Net.Contracts.AddressRange;
using NatKind = Net.Contracts.NatKind;
using NatRule = Net.Contracts.NatRule;
using PortRange = Net.Contracts.PortRange;
using RuleAction = Net.Contracts.RuleAction;
using RuleDirection = Net.Contracts.RuleDirection;

namespace Net.Engine.Tests.Firewall;

public sealed class FirewallTranslatorTests
{
    private static readonly FirewallTranslator s_translator = new(new Net.Testing.ManualTimeProvider());

    [Fact]
    public void Conditions_and_effects_become_values_of_the_model()
    {
        FirewallSection section = new()
        {
            AddressLists = [new FirewallAddressList { Id = 7, Name = "friends" }, new FirewallAddressList { Id = 8, Name = "banned", Dynamic = true }],
            Rules =
            [
                new FirewallRule
                {
                    Id = 1,
                    Name = "r",
                    Protocol = IpProtocol.Tcp,
                    Action = RuleAction.Reject,
                    RemoteAddressList = ["FRIENDS"],
                    ConnectionState = [ConnectionState.New, ConnectionState.Untracked],
                    TcpFlags = "syn,!ack",
                    Dscp = ["ef", "10"],
                    PacketLength = ["100-200"],
                    SourceMac = ["02:00:5e:10:00:01"],
                    Mark = "0x1/0xf",
                    Cgroup = "system.slice",
                    RateLimit = "10/minute",
                    RateBurst = 3,
                    RatePerSource = true,
                    AboveRate = true,
                    ConnectionLimit = 4,
                    ConnectionLimitPerSource = true,
                    AboveConnectionLimit = true,
                    Log = true,
                    RejectWith = FirewallReject.HostUnreachable,
                    SetDscp = "cs1",
                    SetTtl = 64,
                    SetMark = "2",
                    MaxSegmentSize = "path",
                    AddSourceTo = "banned",
                    AddSourceFor = TimeSpan.FromHours(1),
                },
            ],
        };
        TranslatedFirewall translated = s_translator.Translate(section);
        Assert.Empty(translated.Problems);
        Rule rule = translated.Model.Rules[0];
        Assert.Equal(
            new RuleConditions
            {
                SourceLists = [7],
                ConnectionStates = ConnectionStates.New | ConnectionStates.Untracked,
                TcpFlags = new TcpFlagMatch(18, 2),
                Dscp = [46, 10],
                PacketLengths = [new NumberRange(100, 200)],
                SourceMacs = [new MacAddress(0x02005e100001)],
                Mark = new MarkMatch(1, 15),
                Cgroup = "system.slice",
                Rate = new RateLimit(10, RatePeriod.Minute) { Burst = 3, PerSource = true, Above = true },
                Connections = new ConnectionLimit(4, true, true),
            },
            rule.Conditions);
        Assert.Equal(
            new RuleEffects
            {
                Log = true,
                RejectWith = RejectKind.HostUnreachable,
                SetDscp = 8,
                SetTtl = 64,
                SetMark = new MarkMatch(2),
                MaxSegmentSize = 0,
                AddSourceTo = 8,
                AddSourceFor = TimeSpan.FromHours(1),
            },
            rule.Effects);
    }

    [Fact]
    public void Users_and_groups_are_found_by_name_and_outbound()
    {
        FirewallTranslator translator = new(new Net.Testing.ManualTimeProvider(), null, new FakeHost());
        FirewallRule rule = new() { Id = 1, Name = "r", Direction = RuleDirection.Outbound, User = ["0", "1000-1999", "nobody-here"] };
        TranslatedFirewall translated = translator.Translate(new FirewallSection { Rules = [rule] });
        Assert.Equal([new NumberRange(0), new NumberRange(1000, 1999)], translated.Model.Rules[0].Conditions!.Users);
        Assert.Equal("firewall.rules[0].user", Assert.Single(translated.Problems).Place);
        Assert.False(translated.Model.Rules[0].Enabled);
    }

    [Fact]
    public void Zones_become_interfaces_and_port_lists_ports()
    {
        FirewallSection section = new()
        {
            Zones = [new FirewallZone { Name = "lan", InterfaceAlias = ["eth1", "eth2"] }, new FirewallZone { Name = "wan", InterfaceAlias = ["eth0"] }, new FirewallZone { Name = "nowhere" }],
            PortLists = [new FirewallPortList { Name = "web", Port = [new PortRange(80)], List = ["tls"] }, new FirewallPortList { Name = "tls", Port = [new PortRange(443)], List = ["web"] }, new FirewallPortList { Name = "none" }],
            Rules =
            [
                new FirewallRule { Id = 1, Name = "a", Direction = RuleDirection.Forward, Zone = "LAN", OutZone = "wan", InterfaceAlias = ["br0"], DestinationPortList = ["web"], DestinationPort = [new PortRange(22)], Protocol = IpProtocol.Tcp },
                new FirewallRule { Id = 2, Name = "b", Direction = RuleDirection.Outbound, Zone = "wan" },
                new FirewallRule { Id = 3, Name = "c", Zone = "nowhere" },
                new FirewallRule { Id = 4, Name = "d", LocalPortList = ["none"], Protocol = IpProtocol.Tcp },
            ],
        };
        TranslatedFirewall translated = s_translator.Translate(section);
        Rule forward = translated.Model.Rules[0];
        Assert.Equal(["br0", "eth1", "eth2"], forward.InputInterfaces);
        Assert.Equal(["eth0"], forward.OutputInterfaces);
        Assert.Equal(["22", "80", "443"], forward.DestinationPorts.Select(port => port.ToString()));
        Assert.Equal(["eth0"], translated.Model.Rules[1].OutputInterfaces);

        // A zone or list without anything matches nothing, not everything.
        Assert.Equal([(false, "the zone nowhere has no interface"), (false, "the port list none is empty")], translated.Activities.Skip(2).Select(activity => (activity.IsActive, activity.Reason!)));
        Assert.Equal([true, true, false, false], translated.Model.Rules.Select(rule => rule.Enabled));
    }

    [Fact]
    public void Address_lists_hold_what_nested_lists_hold()
    {
        FirewallSection section = new()
        {
            AddressLists =
            [
                new FirewallAddressList { Id = 1, Name = "all", Address = [AddressRange.Parse("10.0.0.1")], List = ["some", "dyn"] },
                new FirewallAddressList { Id = 2, Name = "some", Address = [AddressRange.Parse("2001:db8::/32")], List = ["all"] },
                new FirewallAddressList { Id = 3, Name = "dyn", Dynamic = true, Timeout = TimeSpan.FromMinutes(1), MaxEntries = 9 },
            ],
        };
        FirewallModel model = s_translator.Translate(section).Model;
        Assert.Equal(["10.0.0.1", "2001:db8::/32"], model.AddressLists[0].Addresses.Select(range => range.ToString()));
        Assert.Equal((true, TimeSpan.FromMinutes(1), 9), (model.AddressLists[2].IsDynamic, model.AddressLists[2].Timeout!.Value, model.AddressLists[2].MaxEntries));
        Assert.Empty(model.AddressLists[2].Addresses);
    }

    [Fact]
    public void A_profile_stands_before_and_after_the_rules_with_ids_that_stay()
    {
        FirewallSection section = new() { Profile = new FirewallProfile { Enabled = true, LogBlocked = true }, Rules = [EngineRig.Rule("mine") with { Id = 5 }] };
        TranslatedFirewall translated = s_translator.Translate(section);
        Assert.Empty(FirewallRuleValidator.Validate(translated.Model));
        Assert.Equal(
            [
                "established and related connections (inbound)", "established and related connections (outbound)", "established and related connections (forward)",
                "loopback (inbound)", "loopback (outbound)", "essential ICMP (inbound)", "DHCP client (inbound)", "DHCPv6 client (inbound)",
                "essential ICMP (outbound)", "DHCP client (outbound)", "DHCPv6 client (outbound)", "invalid packets (inbound)", "invalid packets (forward)",
                "spoofed sources (inbound)", "spoofed sources (forward)", "SYN flood (inbound)", "mine", "default (inbound)", "default (outbound)", "default (forward)",
            ],
            translated.Model.Rules.Select(rule => rule.Name));
        Assert.All(translated.Model.Rules, rule => Assert.Equal(rule.Name != "mine", rule.IsGenerated));
        Assert.Equal([RuleAction.Block, RuleAction.Allow, RuleAction.Block], translated.Rules.TakeLast(3).Select(rule => rule.Action));
        Assert.Equal([true, false, true], translated.Rules.TakeLast(3).Select(rule => rule.Log));
        Assert.Equal([false, true, true], translated.Model.Rules.Skip(12).Take(3).Select(rule => rule.Conditions!.IsReversePathMissing));
        Rule flood = translated.Model.Rules.First(rule => rule.Name.StartsWith("SYN", StringComparison.Ordinal));
        Assert.Equal(new RateLimit(200, RatePeriod.Second) { Burst = 200, PerSource = true, Above = true }, flood.Conditions!.Rate);

        // These numbers name counters in kernels that run: they never change.
        Assert.Equal([4, 5, 6, 8, 9, 12, 16, 20, 13, 17, 21, 24, 26, 28, 30, 32, 36, 37, 38], translated.Model.Rules.Where(rule => rule.IsGenerated).Select(rule => rule.Id - Rule.FirstGeneratedId));
    }

    [Fact]
    public void Rules_that_continue_before_all_that_decide_see_every_packet()
    {
        FirewallRule mark = new() { Id = 1, Name = "mark", Action = RuleAction.Continue, SetDscp = "ef" };
        FirewallRule outbound = new() { Id = 2, Name = "out", Direction = RuleDirection.Outbound, Action = RuleAction.Block };
        FirewallRule count = new() { Id = 3, Name = "count", Action = RuleAction.Continue };
        FirewallRule block = EngineRig.Rule("block") with { Id = 4 };
        FirewallRule late = new() { Id = 5, Name = "late", Action = RuleAction.Continue };
        FirewallSection section = new() { Rules = [mark, outbound, count, block, late] };
        Assert.Equal(["mark", "out", "count", "block", "late"], Names(section));
        string[] names = Names(section with { Profile = new FirewallProfile { Enabled = true } });
        Assert.Equal(["mark", "count", "established and related connections (inbound)"], names[..3]);
        Assert.Equal(["out", "block", "late", "default (inbound)"], names[^6..^2]);

        static string[] Names(FirewallSection section) => [.. s_translator.Translate(section).Model.Rules.Select(rule => rule.Name)];
    }

    [Fact]
    public void Zones_imply_what_they_say_and_keep_their_ids_when_others_go()
    {
        FirewallZone lan = new() { Name = "lan", InterfaceAlias = ["eth1"], Inbound = RuleAction.Allow, ForwardTo = ["wan"] };
        FirewallZone wan = new() { Name = "wan", InterfaceAlias = ["eth0"], BlockBogons = true, Masquerade = true, Inbound = RuleAction.Block };
        FirewallZone dmz = new() { Name = "dmz", InterfaceAlias = ["eth2"], Forward = RuleAction.Reject };
        FirewallModel all = s_translator.Translate(new FirewallSection { Zones = [dmz, lan, wan] }).Model;
        FirewallModel less = s_translator.Translate(new FirewallSection { Zones = [wan, lan] }).Model;

        // Without a profile a default that blocks still lets the answers in.
        Assert.Equal(
            [
                "zone wan: bogons (inbound)", "zone wan: bogons (forward)", "established and related connections (inbound)", "established and related connections (forward)",
                "essential ICMP (inbound)", "DHCP client (inbound)", "DHCPv6 client (inbound)", "zone lan: forward to wan (forward)", "zone dmz: default (forward)",
                "zone lan: default (inbound)", "zone wan: default (inbound)",
            ],
            all.Rules.Select(rule => rule.Name));
        Assert.Equal(less.Rules.Select(rule => (rule.Name, rule.Id)).Order(), all.Rules.Where(rule => less.Rules.Any(other => other.Name == rule.Name)).Select(rule => (rule.Name, rule.Id)).Order());
        Assert.Equal(less.NatRules, all.NatRules);
        Assert.Equal(("zone wan: masquerade", Net.Firewall.NatKind.Masquerade, "eth0"), (all.NatRules[0].Name, all.NatRules[0].Kind, all.NatRules[0].OutputInterfaces[0]));
        Assert.Contains("192.168.0.0/16", all.Rules[0].SourceAddresses.Select(range => range.ToString()));
        Assert.Empty(FirewallRuleValidator.Validate(all));
        Assert.Equal(["eth1", "eth0"], [all.Rules[7].InputInterfaces[0], all.Rules[7].OutputInterfaces[0]]);
    }

    [Fact]
    public void A_port_forward_is_a_translation_and_the_rule_that_lets_it_through()
    {
        PortForward web = new() { Id = 9, Name = "web", Port = new PortRange(8080), ToAddress = AddressRange.Parse("192.168.1.10"), ToPort = new PortRange(80), InterfaceAlias = ["wan0"], RemoteAddress = [AddressRange.Parse("198.51.100.0/24")] };
        TranslatedFirewall translated = s_translator.Translate(new FirewallSection { PortForwards = [web] });
        Net.Firewall.NatRule nat = Assert.Single(translated.Model.NatRules);
        Assert.Equal((9, "web", Net.Firewall.NatKind.Destination, true), (nat.Id, nat.Name, nat.Kind, nat.IsToThisHost));
        Assert.Equal(("8080", "192.168.1.10", "80"), (nat.DestinationPorts[0].ToString(), nat.ToAddresses.ToString(), nat.ToPorts.ToString()));
        Rule rule = Assert.Single(translated.Model.Rules);
        Assert.Equal(("port forward web", Net.Firewall.RuleDirection.Forward, "192.168.1.10", "80"), (rule.Name, rule.Direction, rule.DestinationAddresses[0].ToString(), rule.DestinationPorts[0].ToString()));
        Assert.Equal(["198.51.100.0/24"], rule.SourceAddresses.Select(range => range.ToString()));
        Assert.Equal(["wan0"], rule.InputInterfaces);
        Assert.Equal("port forward web", translated.Rules[0].Origin);

        Assert.False(s_translator.Translate(new FirewallSection { PortForwards = [web with { Enabled = false }] }).Model.Rules[0].Enabled);
    }

    [Fact]
    public void A_range_of_ports_that_moves_keeps_each_port_its_place()
    {
        PortForward range = new() { Id = 9, Name = "range", Port = new PortRange(8000, 8002), ToAddress = AddressRange.Parse("192.168.1.10"), ToPort = new PortRange(9000, 9002) };
        FirewallModel model = s_translator.Translate(new FirewallSection { PortForwards = [range] }).Model;
        Assert.Equal([("8000", "9000"), ("8001", "9001"), ("8002", "9002")], model.NatRules.Select(rule => (rule.DestinationPorts[0].ToString(), rule.ToPorts.ToString()!)));
        Assert.All(model.NatRules, rule => Assert.Equal(9, GeneratedIds.OwnerOf(rule.Id)));
        Assert.Equal("9000-9002", model.Rules[0].DestinationPorts[0].ToString());
        Assert.Null(Assert.Single(s_translator.Translate(new FirewallSection { PortForwards = [range with { ToPort = range.Port }] }).Model.NatRules).ToPorts);
    }

    [Fact]
    public void A_hairpin_translates_the_sources_of_the_network_the_host_is_in()
    {
        FirewallTranslator translator = new(new Net.Testing.ManualTimeProvider(), null, null, _ => IPNetwork.Parse("192.168.1.0/24"));
        PortForward web = new() { Id = 9, Name = "web", Port = new PortRange(80), ToAddress = AddressRange.Parse("192.168.1.10"), InterfaceAlias = ["wan0"], Hairpin = true };
        FirewallModel model = translator.Translate(new FirewallSection { PortForwards = [web] }).Model;
        Assert.Equal(["web", "web: from inside", "web: hairpin"], model.NatRules.Select(rule => rule.Name));
        Assert.Equal("192.168.1.0/24", Assert.Single(model.NatRules[1].SourceAddresses).ToString());
        Assert.Equal((Net.Firewall.NatKind.Masquerade, "192.168.1.10", "80"), (model.NatRules[2].Kind, model.NatRules[2].DestinationAddresses[0].ToString(), model.NatRules[2].DestinationPorts[0].ToString()));
        Assert.True(model.NatRules[0].IncludesOwnPackets);
        Assert.Empty(model.Rules[0].InputInterfaces);
        Assert.All(model.NatRules, rule => Assert.Equal(9, GeneratedIds.OwnerOf(rule.Id)));
        Assert.Contains("192.168.0.0/16", s_translator.Translate(new FirewallSection { PortForwards = [web] }).Model.NatRules[2].SourceAddresses.Select(range => range.ToString()));
    }

    [Fact]
    public void A_hairpin_lets_inner_hosts_through_although_only_some_outer_ones_may_use_it()
    {
        FirewallTranslator translator = new(new Net.Testing.ManualTimeProvider(), null, null, _ => IPNetwork.Parse("192.168.1.0/24"));
        PortForward web = new() { Id = 9, Name = "web", Port = new PortRange(80), ToAddress = AddressRange.Parse("192.168.1.10"), InterfaceAlias = ["wan0"], RemoteAddress = [AddressRange.Parse("203.0.113.0/24")], Hairpin = true };

        FirewallModel model = translator.Translate(new FirewallSection { PortForwards = [web] }).Model;

        Assert.Equal(["203.0.113.0/24", "192.168.1.0/24"], model.Rules[0].SourceAddresses.Select(range => range.ToString()));
        Assert.Equal("203.0.113.0/24", Assert.Single(model.NatRules[0].SourceAddresses).ToString());
        Assert.Single(translator.Translate(new FirewallSection { PortForwards = [new() { Id = 9, Name = "web", Port = new PortRange(80), ToAddress = web.ToAddress, RemoteAddress = web.RemoteAddress }] }).Model.Rules[0].SourceAddresses);
    }

    [Fact]
    public void One_to_one_is_a_pair_of_prefixes_and_an_exemption_may_be_two()
    {
        NatRule pair = new() { Id = 4, Name = "pair", Kind = NatKind.OneToOne, DestinationAddress = [AddressRange.Parse("203.0.113.0/28")], ToAddress = AddressRange.Parse("10.0.0.16/28"), InterfaceAlias = ["wan0"] };
        NatRule both = new() { Id = 5, Name = "both", Kind = NatKind.Exempt, DestinationAddress = [AddressRange.Parse("10.9.0.0/16")] };
        NatRule source = both with { Id = 6, Name = "source", OutInterfaceAlias = ["tun0"] };
        FirewallModel model = s_translator.Translate(new FirewallSection { NatRules = [pair, both, source] }).Model;
        Assert.Equal(["pair", "pair: outwards", "both", "both: source", "source"], model.NatRules.Select(rule => rule.Name));
        Assert.Equal((Net.Firewall.NatKind.DestinationPrefix, "203.0.113.0/28", "10.0.0.16/28"), (model.NatRules[0].Kind, model.NatRules[0].DestinationAddresses[0].ToString(), model.NatRules[0].ToAddresses.ToString()));
        Assert.Equal((Net.Firewall.NatKind.SourcePrefix, "10.0.0.16/28", "203.0.113.0/28"), (model.NatRules[1].Kind, model.NatRules[1].SourceAddresses[0].ToString(), model.NatRules[1].ToAddresses.ToString()));
        Assert.Equal(["wan0"], model.NatRules[1].OutputInterfaces);
        Assert.Equal([false, true, true], model.NatRules.Skip(2).Select(rule => rule.ExemptsSource));
        Assert.Equal(5, model.NatRules.Select(rule => rule.Id).Distinct().Count());
    }

    [Fact]
    public void The_same_section_is_translated_once_and_a_changed_one_only_where_it_changed()
    {
        var clock = new Net.Testing.ManualTimeProvider();
        FirewallTranslator translator = new(clock);
        FirewallRule[] rules = [.. Enumerable.Range(1, 100).Select(number => EngineRig.Rule($"r{number}") with { Id = number })];
        FirewallSection section = new() { Rules = rules };
        TranslatedFirewall first = translator.Translate(section);
        clock.Advance(TimeSpan.FromDays(3));
        Assert.Same(first, translator.Translate(section));
        TranslatedFirewall second = translator.Translate(section with { Rules = [.. rules[..50], rules[50] with { Enabled = false }, .. rules[51..]] });
        Assert.Equal(99, first.Model.Rules.Zip(second.Model.Rules).Count(pair => ReferenceEquals(pair.First, pair.Second)));
        Assert.False(second.Model.Rules[50].Enabled);
    }

    [Fact]
    public void Groups_expiry_and_schedules_switch_rules()
    {
        var clock = new Net.Testing.ManualTimeProvider(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        FirewallTranslator translator = new(clock);
        FirewallRule rule = EngineRig.Rule("r") with { Id = 1 };
        FirewallSection section = new()
        {
            DisabledGroups = ["Games"],
            Rules =
            [
                rule with { Enabled = false },
                rule with { Id = 2, Group = "games" },
                rule with { Id = 3, ExpiresAt = clock.GetUtcNow().AddHours(2) },
                rule with { Id = 4, Schedule = new FirewallSchedule { From = new TimeOnly(13, 0), TimeZone = "UTC" } },
                rule with { Id = 5, Schedule = new FirewallSchedule { TimeZone = "Atlantis/Centre" } },
            ],
        };
        TranslatedFirewall translated = translator.Translate(section);
        Assert.Equal(
            ["disabled", "the group games is disabled", null, "the schedule begins at 2026-06-01 13:00:00 UTC", "the time zone Atlantis/Centre is not known here"],
            translated.Activities.Select(activity => activity.Reason));
        Assert.Equal(clock.GetUtcNow().AddHours(1), translated.NextChange);
        clock.Advance(TimeSpan.FromHours(2));
        translated = translator.Translate(section);
        Assert.Equal(["expired", null], translated.Activities.Skip(2).Take(2).Select(activity => activity.Reason));
        Assert.Equal([false, false, false, true, false], translated.Model.Rules.Select(one => one.Enabled));
    }

    public static TheoryData<FirewallSection, string, string> Wrong()
    {
        FirewallRule rule = new() { Id = 1, Name = "r" };
        FirewallAddressList list = new() { Id = 2, Name = "l" };
        PortForward forward = new() { Id = 3, Name = "f", Port = new PortRange(80), ToAddress = AddressRange.Parse("10.0.0.1") };
        NatRule nat = new() { Id = 4, Name = "n" };
        FirewallZone zone = new() { Name = "z" };
        return new()
        {
            { Rules(rule with { IcmpType = ["x"], Protocol = IpProtocol.Icmp }), "firewall.rules[0].icmpType", "is not an ICMP type" },
            { Rules(rule with { TcpFlags = "x", Protocol = IpProtocol.Tcp }), "firewall.rules[0].tcpFlags", "is not a TCP flag" },
            { Rules(rule with { Dscp = ["99"] }), "firewall.rules[0].dscp", "is not a code point" },
            { Rules(rule with { RateLimit = "much" }), "firewall.rules[0].rateLimit", "is not a rate" },
            { Rules(rule with { AboveRate = true }), "firewall.rules[0].rateLimit", "names none" },
            { Rules(rule with { ConnectionLimitPerSource = true }), "firewall.rules[0].connectionLimit", "names no limit" },
            { Rules(rule with { Mark = "x" }), "firewall.rules[0].mark", "is not a mark" },
            { Rules(rule with { SourceMac = ["x"] }), "firewall.rules[0].sourceMac", "is not an Ethernet address" },
            { Rules(rule with { User = ["x"], Direction = RuleDirection.Outbound }), "firewall.rules[0].user", "knows no user 'x'" },
            { Rules(rule with { UserGroup = ["x"], Direction = RuleDirection.Outbound }), "firewall.rules[0].userGroup", "knows no group 'x'" },
            { Rules(rule with { SetTtl = 0 }), "firewall.rules[0].setTtl", "not between 1 and 255" },
            { Rules(rule with { Zone = "x" }), "firewall.rules[0].zone", "does not exist" },
            { Rules(rule with { OutZone = "x" }), "firewall.rules[0].outZone", "only forwarded packets" },
            { Rules(rule with { LocalPortList = ["x"], Protocol = IpProtocol.Tcp }), "firewall.rules[0].localPortList", "does not exist" },
            { Rules(rule with { RemoteAddressList = ["x"] }), "firewall.rules[0].remoteAddressList", "does not exist" },
            { Rules(rule with { AddSourceTo = "x" }), "firewall.rules[0].addSourceTo", "does not exist" },
            { Rules(rule with { AddSourceTo = "l" }) with { AddressLists = [list] }, "firewall.rules[0].addSourceTo", "is not dynamic" },
            { Rules(rule with { Group = "a*" }), "firewall.rules[0].group", "is not a name" },
            { Rules(rule with { RejectWith = FirewallReject.TcpReset }), "firewall.rules[0].rejectWith", "use reject" },
            { Rules(rule with { Schedule = new FirewallSchedule { TimeZone = "Nowhere" } }), "firewall.rules[0].schedule.timeZone", "does not know the time zone" },
            { new FirewallSection { Zones = [zone, new FirewallZone { Name = "Z" }] }, "firewall.zones[1].name", "is taken already" },
            { new FirewallSection { Zones = [zone with { InterfaceAlias = ["eth*"] }, new FirewallZone { Name = "y", InterfaceAlias = ["eth0"] }] }, "firewall.zones[1].interfaceAlias", "one zone only" },
            { new FirewallSection { Zones = [zone with { ForwardTo = ["y"] }] }, "firewall.zones[0].forwardTo", "does not exist" },
            { new FirewallSection { Zones = [zone with { Inbound = RuleAction.Continue }] }, "firewall.zones[0].inbound", "decides nothing" },
            { new FirewallSection { Profile = new FirewallProfile { SynFloodLimit = -1 } }, "firewall.profile.synFloodLimit", "not between" },
            { new FirewallSection { Detection = new FirewallDetection { BanList = "l" }, AddressLists = [list] }, "firewall.detection.banList", "is not dynamic" },
            { Lists(list with { List = ["m"] }), "firewall.addressLists[0].list", "does not exist" },
            { Lists(list with { List = ["m"] }, new FirewallAddressList { Id = 5, Name = "m", List = ["L"] }), "firewall.addressLists[0].list", "circle" },
            { Lists(list with { List = ["m"] }, new FirewallAddressList { Id = 5, Name = "m", Dynamic = true }), "firewall.addressLists[0].list", "cannot be part" },
            { Lists(list with { Dynamic = true, HostName = ["example.com"] }), "firewall.addressLists[0].dynamic", "is dynamic" },
            { Lists(list with { Timeout = TimeSpan.FromMinutes(1) }), "firewall.addressLists[0].timeout", "has a timeout" },
            { Lists(list with { File = "relative" }), "firewall.addressLists[0].file", "is not an absolute path" },
            { Lists(list with { Country = ["DE"] }), "firewall.addressLists[0].countryFile", "no countryFile" },
            { Lists(list with { Country = ["Germany"], CountryFile = "/x" }), "firewall.addressLists[0].country", "two letters" },
            { Lists(list with { HostName = ["-x"] }), "firewall.addressLists[0].hostName", "is not a host name" },
            { Lists(list with { RefreshInterval = TimeSpan.FromSeconds(1) }), "firewall.addressLists[0].refreshInterval", "10 seconds" },
            { new FirewallSection { PortLists = [new FirewallPortList { Name = "a", List = ["a"] }] }, "firewall.portLists[0].list", "circle" },
            { Forwards(forward with { Protocol = IpProtocol.Icmp }), "firewall.portForwards[0].protocol", "has no ports" },
            { Forwards(forward with { ToPort = new PortRange(1, 2) }), "firewall.portForwards[0].toPort", "must be as many" },
            { Forwards(forward with { Address = [AddressRange.Parse("::1")] }), "firewall.portForwards[0].address", "is IPv6" },
            { Forwards(new PortForward { Id = 3, Name = "f", Port = new PortRange(80), ToAddress = AddressRange.Parse("10.0.0.0/24") }), "firewall.portForwards[0].toAddress", "single host" },
            { Nat(nat with { Kind = NatKind.Source }), "firewall.natRules[0].toAddress", "needs the new address" },
            { Nat(nat with { InterfaceAlias = ["eth0"] }), "firewall.natRules[0].interfaceAlias", "when a packet leaves" },
            { Nat(nat with { Kind = NatKind.Redirect }), "firewall.natRules[0].toPort", "needs the port" },
            { Nat(nat with { DestinationPort = [new PortRange(1)] }), "firewall.natRules[0].protocol", "takes the protocol" },
            { Nat(nat with { Kind = NatKind.OneToOne, ToAddress = AddressRange.Parse("10.0.0.0/24"), DestinationAddress = [AddressRange.Parse("10.1.0.0/16")] }), "firewall.natRules[0].toAddress", "of one length" },
            { Nat(nat with { Kind = NatKind.Destination, ToAddress = AddressRange.Parse("10.0.0.1"), SourceAddress = [AddressRange.Parse("::1")] }), "firewall.natRules[0].sourceAddress", "is IPv6" },
            { Nat(nat) with { PortForwards = [new PortForward { Id = 3, Name = "N", Port = new PortRange(80), ToAddress = AddressRange.Parse("10.0.0.1") }] }, "firewall.natRules[0].name", "is taken already" },
        };

        static FirewallSection Rules(FirewallRule rule) => new() { Rules = [rule] };
        static FirewallSection Lists(params FirewallAddressList[] lists) => new() { AddressLists = lists };
        static FirewallSection Forwards(PortForward forward) => new() { PortForwards = [forward] };
        static FirewallSection Nat(NatRule rule) => new() { NatRules = [rule] };
    }

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void What_is_wrong_is_said_with_its_place(FirewallSection section, string place, string words)
    {
        List<ConfigurationProblem> problems = [];
        FirewallChecks.Run(section, s_translator, problems);
        ConfigurationProblem problem = Assert.Single(problems);
        Assert.Equal(place, problem.Place);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Contains(problem.ErrorId, ErrorCatalogue.ById.Keys);
    }

    [Fact]
    public void A_rule_may_not_take_the_name_of_one_that_the_profile_adds()
    {
        List<ConfigurationProblem> problems = [];
        FirewallChecks.Run(new FirewallSection { Profile = new FirewallProfile { Enabled = true }, Rules = [EngineRig.Rule("Default (inbound)") with { Id = 1 }] }, s_translator, problems);
        Assert.Equal(ErrorCatalogue.FirewallRuleExists.Id, Assert.Single(problems).ErrorId);
    }
}
