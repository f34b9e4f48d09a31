using System.Collections.Immutable;

namespace Net.Firewall.Tests;

/// <summary>Valid models from a seed, with every feature of the rule and its edges.</summary>
internal sealed class RandomModels(int seed)
{
    private static readonly string[] s_interfaces = ["lo", "eth0", "eth1", "eth*", "e*", "wan0", "a;b{}#$", "eth0.100", "fifteen-letters", "fourteen-chars*", "@", "-x", "0", ".a"];
    private readonly Random _random = new(seed);
    private long _nextId = 1;

    public FirewallModel Next(int count) => Rules.Model(Enumerable.Range(0, count).Select(_ => NextRule()));

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

        return new FirewallModel(rules);
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

    private Rule AnyRule()
    {
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
        return new Rule
        {
            Id = id,
            Name = $"rule \"{id}\"; flush ruleset",
            Enabled = _random.Next(10) > 0,
            Direction = direction,
            Action = (RuleAction)_random.Next(3),
            Protocol = protocol,
            AddressFamily = _random.Next(3) > 0 ? RuleAddressFamily.Any : (RuleAddressFamily)_random.Next(3),
            SourceAddresses = Some(NextAddress),
            DestinationAddresses = Some(NextAddress),
            SourcePorts = protocol.HasPorts ? Some(NextPorts) : [],
            DestinationPorts = protocol.HasPorts ? Some(NextPorts) : [],
            InputInterfaces = direction == RuleDirection.Outbound ? [] : Some(NextInterface),
            OutputInterfaces = direction == RuleDirection.Inbound ? [] : Some(NextInterface),
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
