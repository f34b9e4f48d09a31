using System.Collections.Immutable;
using System.Numerics;

namespace Net.Firewall;

/// <summary>
/// The rules of one direction with an index over them. For each dimension (protocol, addresses, ports, interfaces, state) a value leads to the set of rules that take it;
/// what all sets have in common are the candidates, which are then asked in order. What is in no dimension is only asked of candidates.
/// </summary>
internal sealed class FlowIndex
{
    private readonly FlowRule[] _rules;
    private readonly ProtocolDimension _protocols;
    private readonly IntervalDimension<uint> _sourcesV4;
    private readonly IntervalDimension<UInt128> _sourcesV6;
    private readonly IntervalDimension<uint> _destinationsV4;
    private readonly IntervalDimension<UInt128> _destinationsV6;
    private readonly IntervalDimension<ushort> _sourcePorts;
    private readonly IntervalDimension<ushort> _destinationPorts;
    private readonly InterfaceDimension _inputs;
    private readonly InterfaceDimension _outputs;
    private readonly ulong[][] _states;

    /// <summary>Builds the index.</summary>
    /// <param name="rules">Enabled rules of one direction in order.</param>
    public FlowIndex(FlowRule[] rules)
    {
        _rules = rules;
        _protocols = new ProtocolDimension(rules);
        (_sourcesV4, _sourcesV6) = Addresses(static rule => rule.Source);
        (_destinationsV4, _destinationsV6) = Addresses(static rule => rule.Destination);
        _sourcePorts = Ports(static rule => rule.SourcePorts);
        _destinationPorts = Ports(static rule => rule.DestinationPorts);
        _inputs = new InterfaceDimension(rules, static rule => rule.InputInterfaces);
        _outputs = new InterfaceDimension(rules, static rule => rule.OutputInterfaces);
        _states = new ulong[5][];
        for (int state = 0; state < _states.Length; state++)
        {
            _states[state] = new ulong[Words];
            for (int i = 0; i < rules.Length; i++)
            {
                if (rules[i].States == ConnectionStates.None || ((int)rules[i].States & (1 << state)) != 0)
                {
                    BitVector.Set(_states[state], i);
                }
            }
        }
    }

    /// <summary>The rules in order.</summary>
    public ReadOnlySpan<FlowRule> Rules => _rules;

    /// <summary>Words a set of rules takes.</summary>
    public int Words => BitVector.Words(_rules.Length);

    /// <summary>Finds the rules that may match a packet.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="candidates">Gets their numbers as bits; as long as <see cref="Words"/>.</param>
    /// <param name="scratch">Room of the same length.</param>
    public void Find(in FlowPacket packet, Span<ulong> candidates, Span<ulong> scratch)
    {
        _protocols.Of(packet.IsIPv6, packet.Protocol).CopyTo(candidates);
        if (packet.IsIPv6)
        {
            _sourcesV6.And(packet.Source, candidates, scratch);
            _destinationsV6.And(packet.Destination, candidates, scratch);
        }
        else
        {
            _sourcesV4.And((uint)packet.Source, candidates, scratch);
            _destinationsV4.And((uint)packet.Destination, candidates, scratch);
        }

        _sourcePorts.And(packet.SourcePort, candidates, scratch);
        _destinationPorts.And(packet.DestinationPort, candidates, scratch);
        _inputs.And(packet.InputInterface, candidates, scratch);
        _outputs.And(packet.OutputInterface, candidates, scratch);
        int state = packet.State == ConnectionStates.None ? 0 : BitOperations.TrailingZeroCount((uint)packet.State);
        BitVector.And(candidates, _states[Math.Min(state, _states.Length - 1)]);
    }

    private (IntervalDimension<uint> V4, IntervalDimension<UInt128> V6) Addresses(Func<FlowRule, FlowEndpoint?> endpoint)
    {
        // Rules that hang on a dynamic list are always candidates: earlier rules may put an address in, and the verdict tells what it assumed.
        var always = new ulong[Words];
        List<(uint First, uint Last, int[] Rules)> v4 = [];
        List<(UInt128 First, UInt128 Last, int[] Rules)> v6 = [];
        Dictionary<FlowList, List<int>> lists = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < _rules.Length; i++)
        {
            FlowEndpoint? asked = endpoint(_rules[i]);
            if (asked is null || asked.DynamicLists.Length > 0)
            {
                BitVector.Set(always, i);
                continue;
            }

            Add(asked.Own, [i], v4, v6);
            foreach (FlowList list in asked.FixedLists)
            {
                (lists.TryGetValue(list, out List<int>? of) ? of : lists[list] = []).Add(i);
            }
        }

        foreach ((FlowList list, List<int> of) in lists)
        {
            Add(list.Addresses, [.. of], v4, v6);
        }

        return (IntervalDimension<uint>.Build(v4, always), IntervalDimension<UInt128>.Build(v6, always));
    }

    private static void Add(FlowAddresses addresses, int[] rules, List<(uint First, uint Last, int[] Rules)> v4, List<(UInt128 First, UInt128 Last, int[] Rules)> v6)
    {
        for (int i = 0; i < addresses.FirstV4.Length; i++)
        {
            v4.Add((addresses.FirstV4[i], addresses.LastV4[i], rules));
        }

        for (int i = 0; i < addresses.FirstV6.Length; i++)
        {
            v6.Add((addresses.FirstV6[i], addresses.LastV6[i], rules));
        }
    }

    private IntervalDimension<ushort> Ports(Func<Rule, ImmutableArray<PortRange>> ports)
    {
        var always = new ulong[Words];
        List<(ushort First, ushort Last, int[] Rules)> ranges = [];
        for (int i = 0; i < _rules.Length; i++)
        {
            ImmutableArray<PortRange> asked = ports(_rules[i].Rule);
            if (asked.IsEmpty)
            {
                BitVector.Set(always, i);
            }

            foreach (PortRange range in asked)
            {
                // A reversed range holds nothing.
                if (!range.IsReversed)
                {
                    ranges.Add((range.First, range.Last, [i]));
                }
            }
        }

        return IntervalDimension<ushort>.Build(ranges, always);
    }
}
