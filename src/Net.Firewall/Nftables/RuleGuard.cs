using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>
/// What must be true of a packet for any of some rules to match it: a few questions, one of which must be answered with yes. A guard may let
/// packets through that no rule matches, never the other way round.
/// </summary>
internal sealed class RuleGuard
{
    /// <summary>Rules up to which a jump is not worth a question.</summary>
    private const int FewRules = 8;

    /// <summary>Questions a guard has at most; each costs every packet.</summary>
    private const int MaxAlternatives = 4;

    /// <summary>Elements a guard's set has at most. Beyond, ranges are rounded outwards until they are fewer.</summary>
    private const int MaxElements = 1024;

    /// <summary>How much more than the ranges themselves their hull may cover to be asked instead: comparing is cheaper than looking up.</summary>
    private const double MaxHullRatio = 16;

    /// <summary>A share of packets, as a power of two, below which a question is narrow enough to stand alone.</summary>
    private const double NarrowBits = 10;

    /// <summary>More than this does not make a question better: real packets are not spread evenly.</summary>
    private const double MaxBits = 24;

    /// <summary>The share of packets that may pass before a guard costs more than it saves.</summary>
    private const double MaxShare = 0.75;

    private static readonly GuardDimension[] s_ranges =
    [
        GuardDimension.SourceIPv4, GuardDimension.SourceIPv6, GuardDimension.DestinationIPv4, GuardDimension.DestinationIPv6,
        GuardDimension.DestinationPort, GuardDimension.SourcePort,
    ];

    private RuleGuard(ImmutableArray<GuardAlternative> alternatives) => Alternatives = alternatives;

    /// <summary>Asks nothing.</summary>
    public static RuleGuard None { get; } = new([]);

    /// <summary>The questions; none lets every packet through.</summary>
    public ImmutableArray<GuardAlternative> Alternatives { get; }

    /// <summary>Whether no packet answers two questions with yes, so that each may have a jump of its own.</summary>
    public bool IsExclusive => Alternatives.Length <= 1
        || (Alternatives.Length == 2 && VersionOf(Alternatives[0]) * VersionOf(Alternatives[1]) == 4 * 6);

    /// <summary>The guard of one chunk.</summary>
    /// <param name="rules">Its rules.</param>
    public static RuleGuard For(ReadOnlySpan<Rule> rules)
    {
        List<RuleUnit> units = new(rules.Length);
        int count = Add(rules, units);
        return count <= FewRules ? None : Find(units);
    }

    /// <summary>The guard of a group.</summary>
    /// <param name="chunks">Its chunks.</param>
    public static RuleGuard ForAll(ImmutableArray<RuleChunk> chunks)
    {
        List<RuleUnit> units = [];
        foreach (RuleChunk chunk in chunks)
        {
            // What no question of a chunk narrows, no question of its group does.
            if (chunk.Guard.Alternatives.IsEmpty && chunk.Rules.Length > FewRules)
            {
                return None;
            }

            Add(chunk.Rules.AsSpan(), units);
        }

        return Find(units);
    }

    /// <summary>Whether the questions read the same in a rule.</summary>
    /// <param name="other">The other guard.</param>
    public bool ReadsLike(RuleGuard other)
    {
        bool same = Alternatives.Length == other.Alternatives.Length;
        for (int i = 0; same && i < Alternatives.Length; i++)
        {
            same = Alternatives[i].ReadsLike(other.Alternatives[i]);
        }

        return same;
    }

    private static int VersionOf(GuardAlternative alternative) => alternative.Dimension switch
    {
        GuardDimension.SourceIPv4 or GuardDimension.DestinationIPv4 => 4,
        GuardDimension.SourceIPv6 or GuardDimension.DestinationIPv6 => 6,
        GuardDimension.Family => (int)alternative.Number,
        _ => 0,
    };

    private static int Add(ReadOnlySpan<Rule> rules, List<RuleUnit> units)
    {
        int count = 0;
        foreach (Rule rule in rules)
        {
            if (!rule.Enabled)
            {
                continue;
            }

            count++;
            RuleMatch match = RuleMatch.Of(rule);
            if (match.Applies(RuleAddressFamily.IPv4))
            {
                units.Add(new RuleUnit(match, RuleAddressFamily.IPv4));
            }

            if (match.Applies(RuleAddressFamily.IPv6))
            {
                units.Add(new RuleUnit(match, RuleAddressFamily.IPv6));
            }
        }

        return count;
    }

    // Greedy: the question that narrows most of the rules that are left, until none is left.
    private static RuleGuard Find(List<RuleUnit> units)
    {
        ImmutableArray<GuardAlternative>.Builder alternatives = ImmutableArray.CreateBuilder<GuardAlternative>();
        List<NumberInterval> buffer = new(units.Count);
        double share = 0;
        while (units.Count > 0)
        {
            Candidate best = default;
            foreach (GuardDimension dimension in s_ranges)
            {
                Consider(RangesOf(units, dimension, buffer), units.Count, ref best);
            }

            ConsiderKinds(units, ref best);
            if (best.Alternative is null || alternatives.Count == MaxAlternatives)
            {
                return None;
            }

            share += Math.Pow(2, -best.Bits);
            if (share > MaxShare)
            {
                return None;
            }

            alternatives.Add(best.Alternative);
            GuardAlternative chosen = best.Alternative;
            units.RemoveAll(unit => IsNarrowedBy(unit, chosen));
        }

        return new RuleGuard(alternatives.DrainToImmutable());
    }

    private static void Consider(Candidate candidate, int units, ref Candidate best)
    {
        if (candidate.Alternative is not null && candidate.ScoreOf(units) > best.ScoreOf(units))
        {
            best = candidate;
        }
    }

    private static Candidate RangesOf(List<RuleUnit> units, GuardDimension dimension, List<NumberInterval> buffer)
    {
        buffer.Clear();
        int count = 0;
        foreach (RuleUnit unit in units)
        {
            count += unit.AddRanges(dimension, buffer) ? 1 : 0;
        }

        if (count == 0)
        {
            return default;
        }

        int width = dimension switch
        {
            GuardDimension.SourceIPv4 or GuardDimension.DestinationIPv4 => 32,
            GuardDimension.SourceIPv6 or GuardDimension.DestinationIPv6 => 128,
            _ => 16,
        };
        NumberInterval[] merged = NumberInterval.Merge(buffer);
        merged = Coarsen(merged, width);
        double total = 0;
        foreach (NumberInterval range in merged)
        {
            total += (double)(range.Last - range.First) + 1;
        }

        double hull = (double)(merged[^1].Last - merged[0].First) + 1;
        if (hull <= total * MaxHullRatio)
        {
            merged = [new NumberInterval(merged[0].First, merged[^1].Last)];
            total = hull;
        }

        return new Candidate(new GuardAlternative(dimension) { Ranges = merged }, count, width - Math.Log2(total));
    }

    private static NumberInterval[] Coarsen(NumberInterval[] ranges, int width)
    {
        for (int shift = 4; ranges.Length > MaxElements && shift < width; shift += 2)
        {
            UInt128 low = (UInt128.One << shift) - 1;
            List<NumberInterval> wider = new(ranges.Length);
            foreach (NumberInterval range in ranges)
            {
                wider.Add(new NumberInterval(range.First & ~low, range.Last | low));
            }

            ranges = NumberInterval.Merge(wider);
        }

        return ranges;
    }

    private static void ConsiderKinds(List<RuleUnit> units, ref Candidate best)
    {
        Dictionary<(GuardDimension, uint, string?), int> counts = [];
        ConnectionStates states = ConnectionStates.None;
        int withStates = 0;
        foreach (RuleUnit unit in units)
        {
            if (unit.Protocol is uint protocol)
            {
                Count(GuardDimension.Protocol, protocol, null);
            }

            if (unit.Match.Inputs.Length == 1)
            {
                Count(GuardDimension.Input, 0, unit.Match.Inputs[0]);
            }

            if (unit.Match.Outputs.Length == 1)
            {
                Count(GuardDimension.Output, 0, unit.Match.Outputs[0]);
            }

            Count(GuardDimension.Family, unit.Family == RuleAddressFamily.IPv4 ? 4u : 6u, null);
            if (unit.NarrowStates != ConnectionStates.None)
            {
                states |= unit.NarrowStates;
                withStates++;
            }
        }

        if (withStates > 0)
        {
            Consider(new Candidate(new GuardAlternative(GuardDimension.States) { Number = (uint)states }, withStates, 3), units.Count, ref best);
        }

        foreach (((GuardDimension dimension, uint number, string? name), int count) in counts)
        {
            // How many packets are of a kind cannot be known; most are TCP or UDP, and an interface sees about half of them.
            double bits = dimension switch
            {
                GuardDimension.Family => 0.2,
                GuardDimension.Protocol => number is 6 or 17 ? 1 : 6,
                _ => 1,
            };
            Consider(new Candidate(new GuardAlternative(dimension) { Number = number, Interface = name }, count, bits), units.Count, ref best);
        }

        void Count(GuardDimension dimension, uint number, string? name)
        {
            (GuardDimension, uint, string?) key = (dimension, number, name);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
    }

    private static bool IsNarrowedBy(RuleUnit unit, GuardAlternative alternative) => alternative.Dimension switch
    {
        GuardDimension.Protocol => unit.Protocol == alternative.Number,
        GuardDimension.Input => unit.Match.Inputs.Length == 1 && unit.Match.Inputs[0] == alternative.Interface,
        GuardDimension.Output => unit.Match.Outputs.Length == 1 && unit.Match.Outputs[0] == alternative.Interface,
        GuardDimension.States => unit.NarrowStates != ConnectionStates.None,
        GuardDimension.Family => unit.Family == (alternative.Number == 4 ? RuleAddressFamily.IPv4 : RuleAddressFamily.IPv6),
        _ => unit.AddRanges(alternative.Dimension, null),
    };

    private readonly record struct Candidate(GuardAlternative? Alternative, int Count, double Bits)
    {
        // One narrow question for all rules is worth more than a narrower one that leaves some to a second.
        public double ScoreOf(int units) => Alternative is null ? 0
            : (Count * Math.Min(Bits, MaxBits)) + (Count == units && Bits >= NarrowBits ? units * MaxBits : 0);
    }
}
