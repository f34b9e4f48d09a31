namespace Net.Firewall;

/// <summary>Addresses or ports as numbers from first to last, both included.</summary>
/// <param name="First">The lowest.</param>
/// <param name="Last">The highest; never below <paramref name="First"/>.</param>
internal readonly record struct NumberInterval(UInt128 First, UInt128 Last)
{
    /// <summary>Sorts intervals and joins those that overlap or touch.</summary>
    /// <param name="intervals">The intervals; reordered.</param>
    public static NumberInterval[] Merge(List<NumberInterval> intervals)
    {
        intervals.Sort(static (a, b) => a.First.CompareTo(b.First));
        List<NumberInterval> merged = new(intervals.Count);
        foreach (NumberInterval interval in intervals)
        {
            if (merged.Count > 0 && (interval.First <= merged[^1].Last || interval.First - merged[^1].Last == 1))
            {
                merged[^1] = new NumberInterval(merged[^1].First, UInt128.Max(merged[^1].Last, interval.Last));
            }
            else
            {
                merged.Add(interval);
            }
        }

        return [.. merged];
    }

    /// <summary>The addresses of one family, sorted and without overlap.</summary>
    /// <param name="ranges">Addresses of both families.</param>
    /// <param name="family">The family.</param>
    public static NumberInterval[] Of(System.Collections.Immutable.ImmutableArray<AddressRange> ranges, RuleAddressFamily family)
    {
        ReadOnlySpan<AddressRange> merged = Intervals.Merge(ranges, family);
        var intervals = new NumberInterval[merged.Length];
        for (int i = 0; i < intervals.Length; i++)
        {
            intervals[i] = new NumberInterval(merged[i].First, merged[i].Last);
        }

        return intervals;
    }

    /// <summary>What is in one sorted list and not in the other.</summary>
    /// <param name="before">Sorted intervals.</param>
    /// <param name="after">Sorted intervals.</param>
    /// <param name="gone">Intervals only <paramref name="before"/> has.</param>
    /// <param name="added">Intervals only <paramref name="after"/> has.</param>
    public static void Compare(ReadOnlySpan<NumberInterval> before, ReadOnlySpan<NumberInterval> after, List<NumberInterval> gone, List<NumberInterval> added)
    {
        int i = 0;
        int j = 0;
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                i++;
                j++;
            }
            else if (j == after.Length || (i < before.Length && before[i].First <= after[j].First))
            {
                gone.Add(before[i++]);
            }
            else
            {
                added.Add(after[j++]);
            }
        }
    }
}
