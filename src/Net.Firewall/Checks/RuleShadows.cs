using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Net.Firewall;

/// <summary>
/// Finds rules that can never match. Only what is certain is told: that one single earlier rule decides about every packet of a later one. Several
/// rules that do so together, and addresses of lists, are not looked into; only the same list counts as covered.
/// </summary>
public static class RuleShadows
{
    private static readonly RuleAddressFamily[] s_families = [RuleAddressFamily.IPv4, RuleAddressFamily.IPv6];

    /// <summary>The rules in force that are shadowed, in their order, each with the first rule that does it. Rules that are not in force neither shadow nor are shadowed.</summary>
    /// <param name="model">A model that passed validation.</param>
    public static ImmutableArray<RuleShadow> Find(FirewallModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        HashSet<long> dynamicLists = [.. model.AddressLists.Where(list => list.IsDynamic).Select(list => list.Id)];
        bool setsMark = model.Rules.Any(rule => rule.Enabled && rule.Effects?.SetMark is not null);
        bool setsDscp = model.Rules.Any(rule => rule.Enabled && rule.Effects?.SetDscp is not null);
        SortedList<int, RuleShadow> found = [];
        foreach (RuleDirection direction in Enum.GetValues<RuleDirection>())
        {
            FindIn(model, direction, rule => CanShadow(rule, dynamicLists, setsMark, setsDscp), found);
        }

        return [.. found.Values];
    }

    private static void FindIn(FirewallModel model, RuleDirection direction, Func<Rule, bool> canShadow, SortedList<int, RuleShadow> found)
    {
        List<(Rule Rule, RuleSpan Span)> earlier = [];

        // Earlier rules by what they name first: only a rule that names the same can be covered by them.
        Dictionary<ulong, List<int>> bySource = [];
        Dictionary<ulong, List<int>> byDestination = [];
        List<int> others = [];
        for (int place = 0; place < model.Rules.Length; place++)
        {
            Rule rule = model.Rules[place];
            if (!rule.Enabled || rule.Direction != direction)
            {
                continue;
            }

            RuleSpan span = RuleSpan.Of(rule);
            int by = Math.Min(FirstCovering(others, earlier, rule, span), Math.Min(
                span.SourceKey is ulong source && bySource.TryGetValue(source, out List<int>? sources) ? FirstCovering(sources, earlier, rule, span) : int.MaxValue,
                span.DestinationKey is ulong destination && byDestination.TryGetValue(destination, out List<int>? destinations) ? FirstCovering(destinations, earlier, rule, span) : int.MaxValue));
            if (by != int.MaxValue)
            {
                // What it would shadow, the rule before it shadows already.
                found.Add(place, new RuleShadow(rule, earlier[by].Rule));
                continue;
            }

            if (!canShadow(rule))
            {
                continue;
            }

            int index = earlier.Count;
            earlier.Add((rule, span));
            if (span.SourceKey is ulong ownSource)
            {
                Add(bySource, ownSource, index);
            }
            else if (span.DestinationKey is ulong ownDestination)
            {
                Add(byDestination, ownDestination, index);
            }
            else
            {
                others.Add(index);
            }
        }
    }

    private static void Add(Dictionary<ulong, List<int>> index, ulong key, int value)
    {
        if (!index.TryGetValue(key, out List<int>? list))
        {
            index[key] = list = [];
        }

        list.Add(value);
    }

    private static int FirstCovering(List<int> candidates, List<(Rule Rule, RuleSpan Span)> earlier, Rule rule, in RuleSpan span)
    {
        ReadOnlySpan<(Rule Rule, RuleSpan Span)> all = CollectionsMarshal.AsSpan(earlier);
        foreach (int candidate in candidates)
        {
            ref readonly (Rule Rule, RuleSpan Span) before = ref all[candidate];
            if (before.Span.MayCover(span) && Covers(before.Rule, rule))
            {
                return candidate;
            }
        }

        return int.MaxValue;
    }

    // What a limit says depends on packets before; what a dynamic list holds, and a mark or code point that rules set, may change between the two rules.
    private static bool CanShadow(Rule rule, HashSet<long> dynamicLists, bool setsMark, bool setsDscp)
    {
        if (rule.Action == RuleAction.Continue)
        {
            return false;
        }

        return rule.Conditions is not { } conditions
            || (conditions.Rate is null
                && conditions.Connections is null
                && (conditions.Mark is null || !setsMark)
                && (conditions.Dscp.IsEmpty || !setsDscp)
                && !conditions.SourceLists.Any(dynamicLists.Contains)
                && !conditions.DestinationLists.Any(dynamicLists.Contains));
    }

    private static bool Covers(Rule wide, Rule narrow)
    {
        RuleMatch wideMatch = RuleMatch.Of(wide);
        RuleMatch narrowMatch = RuleMatch.Of(narrow);
        bool any = false;
        foreach (RuleAddressFamily family in s_families)
        {
            if (narrowMatch.Applies(family))
            {
                any = true;
                if (!wideMatch.Applies(family) || !CoversIn(family, wideMatch, narrowMatch))
                {
                    return false;
                }
            }
        }

        return any && CoversInterfaces(wide.InputInterfaces, narrow.InputInterfaces)
            && CoversInterfaces(wide.OutputInterfaces, narrow.OutputInterfaces)
            && CoversConditions(wide.Conditions, narrow.Conditions);
    }

    private static bool CoversIn(RuleAddressFamily family, RuleMatch wide, RuleMatch narrow) =>
        CoversAddresses(family, wide.Sources, wide.SourceLists, narrow.Sources, narrow.SourceLists)
        && CoversAddresses(family, wide.Destinations, wide.DestinationLists, narrow.Destinations, narrow.DestinationLists)
        && CoversProtocol(family, wide.Protocol, narrow.Protocol)
        && CoversPorts(wide.SourcePorts, narrow.SourcePorts)
        && CoversPorts(wide.DestinationPorts, narrow.DestinationPorts)
        && CoversIcmp(family, wide.Conditions, narrow.Conditions);

    private static bool CoversAddresses(
        RuleAddressFamily family,
        ImmutableArray<AddressRange> wide,
        ImmutableArray<long> wideLists,
        ImmutableArray<AddressRange> narrow,
        ImmutableArray<long> narrowLists)
    {
        if (wide.IsEmpty && wideLists.IsEmpty)
        {
            return true;
        }

        if (narrow.IsEmpty && narrowLists.IsEmpty)
        {
            return false;
        }

        foreach (long list in narrowLists)
        {
            if (!wideLists.Contains(list))
            {
                return false;
            }
        }

        return Contains(NumberInterval.Of(wide, family), NumberInterval.Of(narrow, family));
    }

    private static bool CoversProtocol(RuleAddressFamily family, RuleProtocol wide, RuleProtocol narrow)
    {
        byte icmp = family == RuleAddressFamily.IPv4 ? (byte)1 : (byte)58;
        byte? narrowNumber = narrow.IsIcmp ? icmp : narrow.Number;
        return wide.IsAny || (wide.IsIcmp ? icmp : wide.Number) == narrowNumber;
    }

    private static bool CoversPorts(ImmutableArray<PortRange> wide, ImmutableArray<PortRange> narrow)
    {
        if (wide.IsEmpty || narrow.IsEmpty)
        {
            return wide.IsEmpty;
        }

        return Contains(OfPorts(wide), OfPorts(narrow));

        static NumberInterval[] OfPorts(ImmutableArray<PortRange> ports) => NumberInterval.Merge([.. ports.Select(range => new NumberInterval(range.First, range.Last))]);
    }

    private static bool CoversIcmp(RuleAddressFamily family, RuleConditions? wide, RuleConditions? narrow)
    {
        if (wide is null || wide.IcmpTypes.IsEmpty)
        {
            return true;
        }

        return narrow is not null && !narrow.IcmpTypes.IsEmpty && narrow.IcmpTypes.All(type =>
            type.Family != family || wide.IcmpTypes.Any(other => other.Family == family && other.Type == type.Type && (other.Code is null || other.Code == type.Code)));
    }

    private static bool CoversInterfaces(ImmutableArray<string> wide, ImmutableArray<string> narrow)
    {
        if (wide.IsEmpty || narrow.IsEmpty)
        {
            return wide.IsEmpty;
        }

        return narrow.All(name => wide.Any(other => Covers(other, name)));

        static bool Covers(string wide, string narrow)
        {
            (string start, bool isWildcard) = InterfaceNames.Split(wide);
            return wide == narrow || (isWildcard && InterfaceNames.Split(narrow).Start.StartsWith(start, StringComparison.Ordinal));
        }
    }

    private static bool CoversConditions(RuleConditions? wide, RuleConditions? narrow)
    {
        if (wide is null)
        {
            return true;
        }

        RuleConditions other = narrow ?? new RuleConditions();
        return (wide.ConnectionStates == 0 || (other.ConnectionStates != 0 && (other.ConnectionStates & ~wide.ConnectionStates) == 0))
            && (wide.TcpFlags is not TcpFlagMatch flags || (other.TcpFlags is TcpFlagMatch theirFlags && (flags.Mask & ~theirFlags.Mask) == 0 && flags.Matches(theirFlags.Value)))
            && (wide.Mark is not MarkMatch mark || (other.Mark is MarkMatch theirMark && (mark.Mask & ~theirMark.Mask) == 0 && mark.Matches(theirMark.Value)))
            && CoversValues(wide.Dscp, other.Dscp)
            && CoversValues(wide.SourceMacs, other.SourceMacs)
            && CoversNumbers(wide.PacketLengths, other.PacketLengths)
            && CoversNumbers(wide.Users, other.Users)
            && CoversNumbers(wide.Groups, other.Groups)
            && (wide.Cgroup is null || wide.Cgroup == other.Cgroup || (other.Cgroup is not null && other.Cgroup.StartsWith(wide.Cgroup + "/", StringComparison.Ordinal)))
            && (!wide.IsReversePathMissing || other.IsReversePathMissing)
            && (!wide.IsUnconfirmed || other.IsUnconfirmed);
    }

    private static bool CoversValues<T>(ImmutableArray<T> wide, ImmutableArray<T> narrow) =>
        wide.IsEmpty || (!narrow.IsEmpty && narrow.All(value => wide.Contains(value)));

    private static bool CoversNumbers(ImmutableArray<NumberRange> wide, ImmutableArray<NumberRange> narrow)
    {
        if (wide.IsEmpty || narrow.IsEmpty)
        {
            return wide.IsEmpty;
        }

        return Contains(OfNumbers(wide), OfNumbers(narrow));

        static NumberInterval[] OfNumbers(ImmutableArray<NumberRange> numbers) => NumberInterval.Merge([.. numbers.Select(range => new NumberInterval(range.First, range.Last))]);
    }

    // Both are merged, so one interval of the wide side must hold each of the narrow side.
    private static bool Contains(ReadOnlySpan<NumberInterval> wide, ReadOnlySpan<NumberInterval> narrow)
    {
        int at = 0;
        foreach (NumberInterval interval in narrow)
        {
            while (at < wide.Length && wide[at].Last < interval.First)
            {
                at++;
            }

            if (at == wide.Length || wide[at].First > interval.First || wide[at].Last < interval.Last)
            {
                return false;
            }
        }

        return true;
    }
}
