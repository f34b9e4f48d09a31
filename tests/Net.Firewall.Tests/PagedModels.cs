using System.Collections.Immutable;

namespace Net.Firewall.Tests;

/// <summary>Models of one direction from a seed in which runs of rules are told apart by one dimension or another, with rules between them that nothing tells apart.</summary>
internal sealed class PagedModels(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<long, (int Kind, int Shape)> _kinds = [];
    private long _nextId = 1;

    public FirewallModel Next(int runs)
    {
        List<Rule> rules = [];
        for (int run = 0; run < runs; run++)
        {
            int kind = _random.Next(7);
            int shape = _random.Next(4);
            rules.AddRange(Enumerable.Range(0, _random.Next(20, 260)).Select(_ => NextRule(kind, shape)));
        }

        return Rules.Model(rules) with { AddressLists = [new() { Id = 1, Name = "list", Addresses = [Rules.Address("10.0.0.0/9"), Rules.Address("2001:db8::/33")] }] };
    }

    /// <summary>The model after some rules were added, removed, moved, changed, enabled and disabled, most of them so that they still go with their neighbours.</summary>
    public FirewallModel Edit(FirewallModel model, int edits)
    {
        ImmutableArray<Rule> rules = model.Rules;
        for (int i = 0; i < edits; i++)
        {
            int place = _random.Next(rules.Length);
            Rule other = _random.Next(60) > 0 && _kinds.TryGetValue(rules[place].Id, out (int Kind, int Shape) like) ? NextRule(like.Kind, like.Shape) : NextRule(_random.Next(7), _random.Next(4));
            rules = _random.Next(6) switch
            {
                0 => rules.Insert(place, other),
                1 => rules.RemoveAt(place),
                2 => rules.RemoveAt(place).Insert(Math.Clamp(place + _random.Next(-20, 20), 0, rules.Length - 1), rules[place]),
                3 => rules.SetItem(place, other with { Id = rules[place].Id, Name = rules[place].Name }),
                4 => rules.SetItem(place, rules[place] with { Enabled = !rules[place].Enabled }),
                _ => rules.SetItem(place, rules[place] with { Action = RuleAction.Continue }),
            };
        }

        return model with { Rules = rules };
    }

    private Rule NextRule(int kind, int shape)
    {
        _kinds[_nextId] = (kind, shape);
        Rule rule = Rules.Block(_nextId++, RuleDirection.Forward) with
        {
            Action = (RuleAction)_random.Next(4),
            Enabled = _random.Next(20) > 0,
            Protocol = _random.Next(3) == 0 ? RuleProtocol.Udp : RuleProtocol.Tcp,
        };
        if (_random.Next(80) == 0)
        {
            return _random.Next(3) switch
            {
                0 => rule with { Conditions = new() { SourceLists = [1] } },
                1 => rule with { Protocol = RuleProtocol.Any, Conditions = new() { Mark = new MarkMatch((uint)_random.Next(20)) } },
                _ => rule with { SourceAddresses = [Rules.Address("8.0.0.0/5"), Rules.Address("2000::/3")], DestinationPorts = [new PortRange(1, 65_000)] },
            };
        }

        return kind switch
        {
            0 => rule with { SourceAddresses = Values(shape) },
            1 => rule with { DestinationAddresses = Values(shape), InputInterfaces = _random.Next(2) == 0 ? ["lan0"] : [] },
            2 => rule with { DestinationPorts = [Port(shape)] },
            3 => rule with { SourcePorts = [Port(shape)], DestinationPorts = _random.Next(2) == 0 ? [new PortRange(53)] : [] },
            4 => rule with { SourceAddresses = Values(shape), DestinationPorts = [Port(shape)] },
            5 => rule with { SourceAddresses = [Rules.Address($"10.0.{_random.Next(3)}.0/24")], DestinationAddresses = Values(shape) },
            _ => _random.Next(2) == 0 ? rule with { SourceAddresses = Values(shape) } : rule with { DestinationPorts = [Port(shape)] },
        };
    }

    private ImmutableArray<AddressRange> Values(int shape)
    {
        int count = shape == 3 ? _random.Next(1, 5) : 1;
        return [.. Enumerable.Range(0, count).Select(_ => Value(shape)).Distinct()];
    }

    private AddressRange Value(int shape)
    {
        bool isIPv6 = _random.Next(4) == 0;
        UInt128 start = isIPv6 ? Rules.Address("2001:db8::").First : Rules.Address("10.0.0.0").First;
        UInt128 first = start + (UInt128)(shape == 1 ? _random.Next(40) * 256 : _random.Next(1 << 24));
        int hostBits = shape switch { 0 => 0, 1 => 8, _ => _random.Next(5) == 0 ? _random.Next(22) : 0 };
        UInt128 hosts = (UInt128.One << hostBits) - 1;
        return AddressRange.FromNumbers(isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4, first & ~hosts, first | hosts);
    }

    private PortRange Port(int shape)
    {
        ushort first = (ushort)(shape == 1 ? _random.Next(20) : _random.Next(65_536));
        return new PortRange(first, (ushort)Math.Min(65_535, first + (shape > 1 && _random.Next(4) == 0 ? _random.Next(3_000) : 0)));
    }
}
