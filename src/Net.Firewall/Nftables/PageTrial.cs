namespace Net.Firewall;

/// <summary>What a run of rules would come to as a paged block.</summary>
/// <param name="Dimension">What they would be told apart by.</param>
/// <param name="Values">What each of them asks for; null for one that is not in force.</param>
/// <param name="Starts">Where pages would begin, for each kind of value.</param>
/// <param name="Expected">Rules a packet that belongs to one of them would meet in its page, on average.</param>
internal sealed record PageTrial(PageDimension Dimension, NumberInterval[][]?[] Values, UInt128[][] Starts, double Expected)
{
    /// <summary>How often a rule may stand in pages on average before they are too many to load.</summary>
    private const int MaxCopies = 4;

    /// <summary>Tries a run.</summary>
    /// <param name="dimension">What to tell the rules apart by.</param>
    /// <param name="values">What each of them asks for.</param>
    /// <param name="enabled">How many are in force.</param>
    /// <returns>Null where it would not tell them apart.</returns>
    public static PageTrial? Of(PageDimension dimension, NumberInterval[][]?[] values, int enabled)
    {
        int kinds = PageKeys.KindsOf(dimension).Length;
        var starts = new UInt128[kinds][];
        double squares = 0;
        double copies = 0;
        for (int kind = 0; kind < kinds; kind++)
        {
            starts[kind] = PageStarts.Find(values, kind, 0, PageKeys.MaxOf(PageKeys.KindsOf(dimension)[kind]), LayoutPage.TargetOf(PageKeys.AreSingle(values, kind)));
            foreach (int size in SizesOf(starts[kind], values, kind))
            {
                copies += size;
                squares += (double)size * size;
            }
        }

        double expected = squares / Math.Max(1, copies);
        return expected <= Math.Max(LayoutPage.MaxLength, enabled / 4.0) && copies <= MaxCopies * enabled ? new PageTrial(dimension, values, starts, expected) : null;
    }

    private static int[] SizesOf(UInt128[] starts, NumberInterval[][]?[] values, int kind)
    {
        int[] sizes = new int[starts.Length];
        foreach (NumberInterval[][]? rule in values)
        {
            int last = -1;
            foreach (NumberInterval value in rule?[kind] ?? [])
            {
                int to = PageStarts.IndexOf(starts, value.Last);
                for (int page = Math.Max(PageStarts.IndexOf(starts, value.First), last + 1); page <= to; page++)
                {
                    sizes[page]++;
                    last = page;
                }
            }
        }

        return sizes;
    }
}
