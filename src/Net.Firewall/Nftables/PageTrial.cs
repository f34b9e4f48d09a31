namespace Net.Firewall;

/// <summary>What a run of rules would come to as a paged block.</summary>
/// <param name="Dimension">What they would be told apart by.</param>
/// <param name="End">The rule after the last of them.</param>
/// <param name="Starts">Where pages would begin, for each kind of value; none for a kind without values.</param>
/// <param name="Expected">Rules a packet that belongs to one of them would meet in its page, on average.</param>
internal sealed record PageTrial(PageDimension Dimension, int End, List<UInt128>[] Starts, double Expected)
{
    /// <summary>How often a rule may stand in pages on average before they are too many to load.</summary>
    private const int MaxCopies = 4;

    /// <summary>Tries a run.</summary>
    /// <param name="dimension">What to tell the rules apart by.</param>
    /// <param name="values">What the rules in force ask for, by kind.</param>
    /// <param name="end">The rule after the last of them.</param>
    /// <returns>Null where it would not tell them apart.</returns>
    public static PageTrial? Of(PageDimension dimension, List<NumberInterval[][]> values, int end)
    {
        int kinds = PageKeys.KindsOf(dimension).Length;
        var starts = new List<UInt128>[kinds];
        double squares = 0;
        double copies = 0;
        for (int kind = 0; kind < kinds; kind++)
        {
            NumberInterval[][] ofKind = [.. values.Select(rule => rule[kind])];
            starts[kind] = PageStarts.Find(ofKind, 0, PageKeys.MaxOf(PageKeys.KindsOf(dimension)[kind]));
            int[] sizes = new int[starts[kind].Count];
            foreach (NumberInterval[] rule in ofKind)
            {
                int last = -1;
                foreach (NumberInterval value in rule)
                {
                    int to = PageStarts.IndexOf(starts[kind], value.Last);
                    for (int page = Math.Max(PageStarts.IndexOf(starts[kind], value.First), last + 1); page <= to; page++)
                    {
                        sizes[page]++;
                        last = page;
                    }
                }
            }

            foreach (int size in sizes)
            {
                copies += size;
                squares += (double)size * size;
            }
        }

        double expected = squares / Math.Max(1, copies);
        return expected <= Math.Max(LayoutPage.MaxLength, values.Count / 4.0) && copies <= MaxCopies * values.Count ? new PageTrial(dimension, end, starts, expected) : null;
    }
}
