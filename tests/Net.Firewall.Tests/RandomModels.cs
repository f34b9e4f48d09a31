using System.Collections.Immutable;

namespace Net.Firewall.Tests;

/// <summary>Valid models from a seed, with every feature of the rule and its edges.</summary>
internal sealed class RandomModels(int seed)
{
    private static readonly string[] s_interfaces = ["lo", "eth0", "eth1", "eth*", "e*", "wan0", "a;b{}#$", "eth0.100", "fifteen-letters", "fourteen-chars*", "@", "-x", "0", ".a"];
    private static readonly string[] s_cgroups = ["system.slice", "system.slice/nginx.service", "user.slice/user-0.slice"];
    private readonly Random _random = new(seed);
    private long _nextId = 1;

    /// <summary>Control groups of the models, as if they were there.</summary>
    public static IReadOnlyList<string> Cgroups => s_cgroups;

    /// <summary>Whether rules are such as people have many of: a protocol, an address or a port, seldom more.</summary>
    public bool HasSimilarRules { get; init; }

    /// <summary>Whether rules may name control groups, which a kernel then must have.</summary>
    public bool HasCgroups { get; init; }

    public FirewallModel Next(int count) => Rules.Model(Enumerable.Range(0, count).Select(_ => NextRule())) with
    {
        AddressLists =
        [
            new() { Id = 1, Name = "one", Addresses = [.. Enumerable.Range(0, 50).Select(_ => NextAddress())] },
            new() { Id = 2, Name = "two", Addresses = [NextAddress()] },
            new() { Id = 3, Name = "empty" },
            new() { Id = 4, Name = "banned", IsDynamic = true, Timeout = TimeSpan.FromMinutes(10) },
            new() { Id = 5, Name = "seen", IsDynamic = true, MaxEntries = 100 },
        ],
    };

    /// <summary>The model after some rules were added, removed, moved, changed, enabled and disabled.</summary>
    public FirewallModel Edit(FirewallModel model, int edits)
    {
        ImmutableArray<Rule> rules = model.Rules;
        for (int i = 0; i < edits; i++)
        {
            int place = _random.Next(rules.Length + 1);
            bool exists = place < rules.Length;
            rules = _random.Next(6) switch
            {
                0 or 1 => rules.Insert(place, NextRule()),
                2 when exists => rules.RemoveAt(place),
                3 when exists => rules.RemoveAt(place).Insert(_random.Next(rules.Length), rules[place]),
                4 when exists => rules.SetItem(place, NextRule() with { Id = rules[place].Id, Name = rules[place].Name }),
                5 when exists => rules.SetItem(place, rules[place] with { Enabled = !rules[place].Enabled }),
                _ => rules,
            };
        }

        ImmutableArray<AddressList> lists = model.AddressLists;
        int list = _random.Next(3);
        lists = _random.Next(4) switch
        {
            0 => lists.SetItem(list, lists[list] with { Addresses = [.. lists[list].Addresses.Skip(_random.Next(3)), NextAddress(), NextAddress()] }),
            1 => lists.SetItem(3, lists[3] with { Timeout = TimeSpan.FromSeconds(_random.Next(1, 1000)) }),
            2 => lists.SetItem(4, lists[4] with { MaxEntries = _random.Next(1, 1000) }),
            _ => lists,
        };
        return model with { Rules = rules, AddressLists = lists };
    }

    private Rule NextRule()
    {
        while (true)
        {
            Rule rule = AnyRule();
            if (FirewallRuleValidator.Validate(rule).IsEmpty)
            {
                return rule;
            }
        }
    }

    private Rule SimilarRule() => Rules.Block(_nextId++, (RuleDirection)(_random.Next(20) / 9)) with
    {
        Action = (RuleAction)_random.Next(2),
        Protocol = RuleProtocol.Tcp,
        SourceAddresses = _random.Next(4) > 0 ? [NextAddress()] : [],
        DestinationPorts = _random.Next(3) > 0 ? [NextPorts()] : [],
        AddressFamily = _random.Next(50) > 0 ? RuleAddressFamily.Any : RuleAddressFamily.IPv4,
    };

    private RuleConditions? NextConditions(RuleDirection direction, RuleProtocol protocol)
    {
        bool isOutbound = direction == RuleDirection.Outbound;
        bool isIcmp = protocol.IsIcmp || protocol == RuleProtocol.IcmpV4 || protocol == RuleProtocol.IcmpV6;
        byte mask = (byte)_random.Next(1, 256);
        return _random.Next(2) == 0 ? null : new RuleConditions
        {
            ConnectionStates = One(4) ? (ConnectionStates)_random.Next(1, 32) : ConnectionStates.None,
            SourceLists = One(5) ? [.. Enumerable.Range(1, 5).Where(_ => One(3)).Select(id => (long)id)] : [],
            DestinationLists = One(6) ? [_random.Next(1, 6)] : [],
            IcmpTypes = isIcmp && One(2) ? Some(() => new IcmpTypeMatch((RuleAddressFamily)_random.Next(1, 3), (byte)_random.Next(4), One(2) ? (byte)_random.Next(3) : null)) : [],
            TcpFlags = protocol == RuleProtocol.Tcp && One(3) ? new TcpFlagMatch(mask, (byte)(mask & _random.Next(256))) : null,
            Dscp = One(5) ? Some(() => (byte)_random.Next(64)) : [],
            PacketLengths = One(5) ? Some(NextNumbers) : [],
            SourceMacs = !isOutbound && One(5) ? Some(() => new MacAddress((ulong)_random.Next(100))) : [],
            Mark = One(6) ? new MarkMatch((uint)_random.Next(20), One(2) ? uint.MaxValue : 0xff) : null,
            Users = isOutbound && One(4) ? Some(NextNumbers) : [],
            Groups = isOutbound && One(5) ? Some(NextNumbers) : [],
            Cgroup = HasCgroups && direction != RuleDirection.Forward && One(6) ? s_cgroups[_random.Next(s_cgroups.Length)] : null,
            Rate = One(6) ? new RateLimit(_random.Next(1, 1000), (RatePeriod)_random.Next(4)) { InBytes = One(3), Burst = One(2) ? _random.Next(1, 100) : null, PerSource = One(2), Above = One(2) } : null,
            Connections = One(8) ? new ConnectionLimit(_random.Next(1, 100), One(2), One(2)) : null,
            IsReversePathMissing = !isOutbound && One(8),
            IsUnconfirmed = One(10),
        };
    }

    private RuleEffects? NextEffects(RuleDirection direction, RuleAction action, RuleProtocol protocol)
    {
        bool changes = action is RuleAction.Allow or RuleAction.Continue;
        bool adds = One(5);
        return _random.Next(3) > 0 ? null : new RuleEffects
        {
            Log = One(3),
            SetDscp = changes && One(4) ? (byte)_random.Next(64) : null,
            SetTtl = changes && One(4) ? (byte)_random.Next(1, 256) : null,
            SetMark = changes && One(4) ? new MarkMatch((uint)_random.Next(200), One(2) ? uint.MaxValue : 0xff) : null,
            MaxSegmentSize = changes && protocol == RuleProtocol.Tcp && One(3) ? (ushort)(One(2) && direction != RuleDirection.Inbound ? 0 : 1300) : null,
            AddSourceTo = adds ? _random.Next(4, 6) : null,
            AddSourceFor = adds && One(2) ? TimeSpan.FromSeconds(_random.Next(1, 1000)) : null,
            RejectWith = action == RuleAction.Reject ? (RejectKind)_random.Next(6) : RejectKind.Default,
        };
    }

    private bool One(int of) => _random.Next(of) == 0;

    private NumberRange NextNumbers()
    {
        uint first = (uint)_random.Next(1500);
        return new NumberRange(first, first + (uint)(_random.Next(2) * _random.Next(100)));
    }

    private Rule AnyRule()
    {
        if (HasSimilarRules && _random.Next(100) > 0)
        {
            return SimilarRule();
        }

        RuleProtocol protocol = _random.Next(8) switch
        {
            0 => RuleProtocol.Any,
            1 or 2 => RuleProtocol.Tcp,
            3 => RuleProtocol.Udp,
            4 => RuleProtocol.Icmp,
            5 => RuleProtocol.Sctp,
            6 => _random.Next(2) == 0 ? RuleProtocol.IcmpV4 : RuleProtocol.IcmpV6,
            _ => RuleProtocol.FromNumber((byte)_random.Next(256)),
        };
        var direction = (RuleDirection)_random.Next(3);
        long id = _nextId++;
        var action = (RuleAction)_random.Next(4);
        return new Rule
        {
            Id = id,
            Name = $"rule \"{id}\"; flush ruleset",
            Enabled = _random.Next(10) > 0,
            Direction = direction,
            Action = action,
            Protocol = protocol,
            AddressFamily = _random.Next(3) > 0 ? RuleAddressFamily.Any : (RuleAddressFamily)_random.Next(3),
            SourceAddresses = Some(NextAddress),
            DestinationAddresses = Some(NextAddress),
            SourcePorts = protocol.HasPorts ? Some(NextPorts) : [],
            DestinationPorts = protocol.HasPorts ? Some(NextPorts) : [],
            InputInterfaces = direction == RuleDirection.Outbound ? [] : Some(NextInterface),
            OutputInterfaces = direction == RuleDirection.Inbound ? [] : Some(NextInterface),
            Conditions = NextConditions(direction, protocol),
            Effects = NextEffects(direction, action, protocol),
        };
    }

    private ImmutableArray<T> Some<T>(Func<T> next)
    {
        int count = _random.Next(4) switch { 0 => 1, 1 => _random.Next(2, 12), _ => 0 };
        return [.. Enumerable.Range(0, count).Select(_ => next())];
    }

    private string NextInterface() => s_interfaces[_random.Next(s_interfaces.Length)];

    private PortRange NextPorts()
    {
        ushort first = (ushort)(_random.Next(3) == 0 ? _random.Next(12) : 65535 - _random.Next(12) * _random.Next(2) * 1000);
        return new PortRange(first, (ushort)Math.Min(65535, first + (_random.Next(2) * _random.Next(1, 10))));
    }

    // Close to each other and to both ends of the address space, so that overlaps, neighbours and edges come up often.
    private AddressRange NextAddress()
    {
        bool isIPv6 = _random.Next(2) == 0;
        UInt128 max = isIPv6 ? UInt128.MaxValue : uint.MaxValue;
        UInt128 first = _random.Next(3) switch
        {
            0 => (UInt128)_random.Next(300),
            1 => max - (UInt128)_random.Next(300),
            _ => (UInt128)_random.NextInt64() * (UInt128)_random.NextInt64() & max,
        };
        RuleAddressFamily family = isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4;
        switch (_random.Next(3))
        {
            case 0:
                return AddressRange.FromNumbers(family, first, first);
            case 1:
                UInt128 length = (UInt128)_random.Next(200);
                return AddressRange.FromNumbers(family, first, max - first < length ? max : first + length);
            default:
                int hostBits = _random.Next(isIPv6 ? 129 : 33);
                UInt128 hosts = hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
                return AddressRange.FromNumbers(family, first & ~hosts & max, (first | hosts) & max);
        }
    }
}
