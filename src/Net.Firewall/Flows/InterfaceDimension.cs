namespace Net.Firewall;

/// <summary>The dimension of interface names: whole names and starts of names.</summary>
internal sealed class InterfaceDimension
{
    private readonly ulong[] _always;
    private readonly Dictionary<string, int[]> _names;
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _starts;

    /// <summary>Builds the dimension.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="names">What a rule asks for; nothing is every interface.</param>
    public InterfaceDimension(ReadOnlySpan<FlowRule> rules, Func<Rule, IReadOnlyList<string>> names)
    {
        _always = new ulong[BitVector.Words(rules.Length)];
        Dictionary<string, List<int>> whole = new(StringComparer.Ordinal);
        Dictionary<string, List<int>> starts = new(StringComparer.Ordinal);
        for (int i = 0; i < rules.Length; i++)
        {
            IReadOnlyList<string> asked = names(rules[i].Rule);
            if (asked.Count == 0)
            {
                BitVector.Set(_always, i);
            }

            foreach (string name in asked)
            {
                (string start, bool isWildcard) = InterfaceNames.Split(name);
                Dictionary<string, List<int>> target = isWildcard ? starts : whole;
                if (!target.TryGetValue(start, out List<int>? list))
                {
                    list = [];
                    target.Add(start, list);
                }

                list.Add(i);
            }
        }

        _names = whole.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
        _starts = starts.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Leaves of candidates those that take an interface.</summary>
    /// <param name="name">Its name; null for none.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="scratch">Room of the same length.</param>
    public void And(string? name, Span<ulong> candidates, Span<ulong> scratch)
    {
        if (name is null || (_names.Count == 0 && _starts.Dictionary.Count == 0))
        {
            BitVector.And(candidates, _always);
            return;
        }

        _always.CopyTo(scratch);
        if (_names.TryGetValue(name, out int[]? rules))
        {
            Set(scratch, rules);
        }

        for (int length = _starts.Dictionary.Count == 0 ? 0 : name.Length; length > 0; length--)
        {
            if (_starts.TryGetValue(name.AsSpan(0, length), out rules))
            {
                Set(scratch, rules);
            }
        }

        BitVector.And(candidates, scratch);
    }

    private static void Set(Span<ulong> bits, int[] rules)
    {
        foreach (int rule in rules)
        {
            BitVector.Set(bits, rule);
        }
    }
}
