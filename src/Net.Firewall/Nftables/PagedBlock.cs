using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>
/// Rules that all ask for the same part of a packet, an address or a port, laid out like the leaves of a B-tree: its values are cut into ranges,
/// each page holds the rules that may match in its range, and a packet comes to its page by one lookup, in a hash where all rules ask for single values. A rule whose values
/// lie in several pages stands in each of them; a packet meets one page only, so it is asked once.
/// </summary>
/// <param name="direction">Direction of all its rules.</param>
/// <param name="number">Number in the names of its maps.</param>
/// <param name="rules">The rules in order.</param>
/// <param name="dimension">What they are told apart by.</param>
/// <param name="values">What each rule asks for, as <see cref="PageKeys.Of"/> says; null for a disabled rule.</param>
/// <param name="maps">A map for each kind of value, as <see cref="PageKeys.KindsOf"/> has them; one without pages is not in the datapath.</param>
internal sealed class PagedBlock(RuleDirection direction, int number, ImmutableArray<Rule> rules, PageDimension dimension, NumberInterval[][]?[] values, ImmutableArray<PageMap> maps)
    : LayoutPart(direction, number, rules)
{
    /// <summary>Rules in force below which a lookup is not worth its cost.</summary>
    public const int MinRules = 48;

    /// <summary>What they are told apart by.</summary>
    public PageDimension Dimension { get; } = dimension;

    /// <summary>A map for each kind of value.</summary>
    public ImmutableArray<PageMap> Maps { get; } = maps;

    /// <summary>What each rule asks for.</summary>
    public NumberInterval[][]?[] Values { get; } = values;

    /// <summary>What each of other rules asks for in the dimension. Where they stand as here, which most do after a change, that is known already.</summary>
    /// <param name="others">The rules in order.</param>
    /// <param name="changed">Gets what rules ask for that are here and not there, or there and not here.</param>
    public NumberInterval[][]?[] ValuesOf(IReadOnlyList<Rule> others, List<NumberInterval[][]?> changed)
    {
        var all = new NumberInterval[][]?[others.Count];
        int here = 0;
        for (int i = 0; i < all.Length; i++)
        {
            if (!IsAt(here, others[i]) && IsAt(here + 1, others[i]))
            {
                changed.Add(Values[here++]);
            }

            if (IsAt(here, others[i]))
            {
                all[i] = Values[here++];
                continue;
            }

            all[i] = others[i].Enabled ? PageKeys.Of(RuleMatch.Of(others[i]), Dimension) : null;
            changed.Add(all[i]);
            if (here < Rules.Length && (i + 1 == all.Length || !IsAt(here, others[i + 1])))
            {
                changed.Add(Values[here++]);
            }
        }

        while (here < Rules.Length)
        {
            changed.Add(Values[here++]);
        }

        return all;
    }

    private bool IsAt(int index, Rule rule) => index < Rules.Length && Rules[index].EmitsLike(rule);
}
