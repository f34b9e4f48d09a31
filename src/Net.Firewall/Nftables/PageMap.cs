using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>The pages of one kind of value, in order and without a gap: each reaches up to the next, the first begins at zero.</summary>
/// <param name="Kind">The kind of value: addresses of one IP version, or ports.</param>
/// <param name="Pages">The pages; none where no rule can match.</param>
internal sealed record PageMap(GuardDimension Kind, ImmutableArray<LayoutPage> Pages)
{
    /// <summary>The last value of a page.</summary>
    /// <param name="index">Which page.</param>
    public UInt128 LastOf(int index) => index + 1 < Pages.Length ? Pages[index + 1].First - 1 : PageKeys.MaxOf(Kind);

    /// <summary>The page a value is in.</summary>
    /// <param name="value">The value.</param>
    public int IndexOf(UInt128 value)
    {
        int low = 0;
        int high = Pages.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Pages[middle].First <= value)
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
}
