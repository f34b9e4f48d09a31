namespace Net.Firewall;

/// <summary>Cuts the values of a kind into pages.</summary>
internal static class PageStarts
{
    /// <summary>Finds where pages begin, so that each is begun by so many rules. Rules that begin with the same value stay together.</summary>
    /// <param name="values">What the rules ask for, one entry a rule; not touched.</param>
    /// <param name="first">Where the first page begins; values before it are taken to begin here.</param>
    /// <param name="last">The last value; what begins after it is left aside.</param>
    /// <param name="length">Rules a page is begun by.</param>
    public static List<UInt128> Find(IReadOnlyList<NumberInterval[]> values, UInt128 first, UInt128 last, int length = LayoutPage.TargetLength)
    {
        List<(UInt128 First, int Rule)> begins = new(values.Count);
        for (int rule = 0; rule < values.Count; rule++)
        {
            foreach (NumberInterval value in values[rule])
            {
                if (value.First <= last && value.Last >= first)
                {
                    begins.Add((UInt128.Max(value.First, first), rule));
                }
            }
        }

        begins.Sort(static (a, b) => a.First.CompareTo(b.First));
        List<UInt128> starts = [first];
        HashSet<int> begun = [];
        foreach ((UInt128 begin, int rule) in begins)
        {
            if (begun.Count >= length && begin > starts[^1] && !begun.Contains(rule))
            {
                starts.Add(begin);
                begun.Clear();
            }

            begun.Add(rule);
        }

        return starts;
    }

    /// <summary>The page a value is in.</summary>
    /// <param name="starts">Where pages begin.</param>
    /// <param name="value">A value not before the first.</param>
    public static int IndexOf(List<UInt128> starts, UInt128 value)
    {
        int found = starts.BinarySearch(value);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>How many pages a rule stands in.</summary>
    /// <param name="starts">Where pages begin.</param>
    /// <param name="values">What the rule asks for.</param>
    public static int CountPages(List<UInt128> starts, NumberInterval[] values)
    {
        if (values.Length == 1)
        {
            return IndexOf(starts, values[0].Last) - IndexOf(starts, values[0].First) + 1;
        }

        // Overlaps and neighbours in a page count twice, which does no harm: this is for an estimate.
        int count = 0;
        foreach (NumberInterval value in values)
        {
            count += IndexOf(starts, value.Last) - IndexOf(starts, value.First) + 1;
        }

        return count;
    }
}
