namespace Net.Firewall;

/// <summary>Finds runs of rules that a dimension tells apart.</summary>
internal sealed class PageRuns
{
    /// <summary>Pages a rule may stand in; one with more is better asked by itself than copied that often.</summary>
    public const int MaxPages = 8;

    private readonly IReadOnlyList<Rule> _rules;
    private readonly NumberInterval[][]?[][] _values;
    private readonly int[][] _ends;
    private readonly int[] _rejected;
    private readonly int[] _enabled;

    /// <summary>Looks at rules.</summary>
    /// <param name="rules">The rules in order.</param>
    public PageRuns(IReadOnlyList<Rule> rules)
    {
        _rules = rules;
        int count = PageKeys.Dimensions.Length;
        _values = new NumberInterval[][]?[count][];
        _ends = new int[count][];
        _rejected = new int[count];
        _enabled = new int[rules.Count + 1];
        for (int dimension = 0; dimension < count; dimension++)
        {
            _values[dimension] = new NumberInterval[][]?[rules.Count];
        }

        for (int i = 0; i < rules.Count; i++)
        {
            _enabled[i + 1] = _enabled[i] + (rules[i].Enabled ? 1 : 0);
            if (rules[i].Enabled)
            {
                RuleMatch match = RuleMatch.Of(rules[i]);
                for (int dimension = 0; dimension < count; dimension++)
                {
                    _values[dimension][i] = PageKeys.Of(match, PageKeys.Dimensions[dimension]);
                }
            }
        }

        for (int dimension = 0; dimension < count; dimension++)
        {
            DropWide(PageKeys.Dimensions[dimension], _values[dimension]);
            int[] ends = _ends[dimension] = new int[rules.Count];
            int end = rules.Count;
            for (int i = rules.Count - 1; i >= 0; i--)
            {
                end = rules[i].Enabled && _values[dimension][i] is null ? i : end;
                ends[i] = end;
            }
        }
    }

    /// <summary>The best block that begins with a rule.</summary>
    /// <param name="start">The rule.</param>
    /// <returns>Null where none is worth it.</returns>
    public PageTrial? Find(int start)
    {
        if (!_rules[start].Enabled)
        {
            return null;
        }

        while (true)
        {
            int longest = 0;
            for (int dimension = 0; dimension < _ends.Length; dimension++)
            {
                longest = Math.Max(longest, LengthOf(dimension, start));
            }

            if (longest < PagedBlock.MinRules)
            {
                return null;
            }

            PageTrial? best = null;
            for (int dimension = 0; dimension < _ends.Length; dimension++)
            {
                int length = LengthOf(dimension, start);
                if (length * 4 < longest * 3)
                {
                    continue;
                }

                int end = _ends[dimension][start];
                PageTrial? trial = PageTrial.Of(PageKeys.Dimensions[dimension], _values[dimension][start..end], length);
                if (trial is null)
                {
                    _rejected[dimension] = end;
                }
                else if (best is null || trial.Expected < best.Expected * 0.8)
                {
                    best = trial;
                }
            }

            if (best is not null)
            {
                return best;
            }
        }
    }

    private int LengthOf(int dimension, int start) => _rejected[dimension] > start ? 0 : _enabled[_ends[dimension][start]] - _enabled[start];

    private static void DropWide(PageDimension dimension, NumberInterval[][]?[] values)
    {
        for (int kind = 0; kind < PageKeys.KindsOf(dimension).Length; kind++)
        {
            UInt128[] starts = PageStarts.Find(values, kind, 0, PageKeys.MaxOf(PageKeys.KindsOf(dimension)[kind]));
            for (int i = 0; starts.Length > MaxPages && i < values.Length; i++)
            {
                if (values[i] is { } rule && PageStarts.CountPages(starts, rule[kind]) > MaxPages)
                {
                    values[i] = null;
                }
            }
        }
    }
}
