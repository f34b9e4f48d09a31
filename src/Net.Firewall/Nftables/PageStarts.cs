namespace Net.Firewall;

/// <summary>Cuts the values of a kind into pages.</summary>
internal static class PageStarts
{
    /// <summary>Finds where pages begin, so that each is begun by so many rules. Rules that begin with the same value stay together.</summary>
    /// <param name="values">What the rules ask for, one entry a rule; null for none.</param>
    /// <param name="kind">The kind of values to look at.</param>
    /// <param name="first">Where the first page begins; values before it are taken to begin here.</param>
    /// <param name="last">The last value; what begins after it is left aside.</param>
    /// <param name="length">Rules a page is begun by.</param>
    /// <returns>Where pages begin; the first is <paramref name="first"/>.</returns>
    public static UInt128[] Find(ReadOnlySpan<NumberInterval[][]?> values, int kind, UInt128 first, UInt128 last, int length = LayoutPage.TargetLength)
    {
        List<NumberInterval> begins = new(values.Length);
        for (int rule = 0; rule < values.Length; rule++)
        {
            foreach (NumberInterval value in values[rule]?[kind] ?? [])
            {
                if (value.First <= last && value.Last >= first)
                {
                    // The rule's index in place of the end.
                    begins.Add(new NumberInterval(UInt128.Max(value.First, first), (UInt128)rule));
                }
            }
        }

        begins.Sort(static (a, b) => a.First.CompareTo(b.First));
        var starts = new UInt128[(begins.Count / length) + 1];
        starts[0] = first;
        int count = 1;
        HashSet<int> begun = [];
        foreach (NumberInterval begin in begins)
        {
            int rule = (int)begin.Last;
            if (begun.Count >= length && begin.First > starts[count - 1] && !begun.Contains(rule))
            {
                starts[count++] = begin.First;
                begun.Clear();
            }

            begun.Add(rule);
        }

        return starts[..count];
    }

    /// <summary>The page a value is in.</summary>
    /// <param name="starts">Where pages begin.</param>
    /// <param name="value">A value not before the first.</param>
    public static int IndexOf(UInt128[] starts, UInt128 value)
    {
        int low = 0;
        int high = starts.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (starts[middle] <= value)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>How many pages a rule stands in; overlaps and neighbours in one page count twice, which does no harm to an estimate.</summary>
    /// <param name="starts">Where pages begin.</param>
    /// <param name="values">What the rule asks for.</param>
    public static int CountPages(UInt128[] starts, NumberInterval[] values)
    {
        int count = 0;
        foreach (NumberInterval value in values)
        {
            count += IndexOf(starts, value.Last) - IndexOf(starts, value.First) + 1;
        }

        return count;
    }
}
