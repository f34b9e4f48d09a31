using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Sorts and merges what nftables would refuse as conflicting intervals of one set.</summary>
internal static class Intervals
{
    /// <summary>The addresses of one family, sorted, without overlap and without neighbours that touch.</summary>
    public static ReadOnlySpan<AddressRange> Merge(ImmutableArray<AddressRange> ranges, RuleAddressFamily family)
    {
        int count = 0;
        foreach (AddressRange range in ranges)
        {
            count += range.Family == family ? 1 : 0;
        }

        if (count == ranges.Length && count <= 1)
        {
            return ranges.AsSpan();
        }

        var sorted = new AddressRange[count];
        int next = 0;
        foreach (AddressRange range in ranges)
        {
            if (range.Family == family)
            {
                sorted[next++] = range;
            }
        }

        Array.Sort(sorted, static (a, b) => a.First.CompareTo(b.First));
        int kept = 0;
        for (int i = 1; i < count; i++)
        {
            AddressRange last = sorted[kept];
            AddressRange range = sorted[i];
            if (range.First <= last.Last || range.First - last.Last == 1)
            {
                sorted[kept] = AddressRange.FromNumbers(family, last.First, UInt128.Max(last.Last, range.Last));
            }
            else
            {
                sorted[++kept] = range;
            }
        }

        return sorted.AsSpan(0, Math.Min(count, kept + 1));
    }

    /// <summary>The ports, sorted, without overlap and without neighbours that touch.</summary>
    public static ReadOnlySpan<PortRange> Merge(ImmutableArray<PortRange> ranges)
    {
        if (ranges.Length <= 1)
        {
            return ranges.AsSpan();
        }

        PortRange[] sorted = [.. ranges];
        Array.Sort(sorted, static (a, b) => a.First.CompareTo(b.First));
        int kept = 0;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].First <= sorted[kept].Last + 1)
            {
                sorted[kept] = new PortRange(sorted[kept].First, Math.Max(sorted[kept].Last, sorted[i].Last));
            }
            else
            {
                sorted[++kept] = sorted[i];
            }
        }

        return sorted.AsSpan(0, kept + 1);
    }
}
