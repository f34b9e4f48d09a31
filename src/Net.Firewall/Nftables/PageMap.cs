using System.Collections.Immutable;
using System.Numerics;

namespace Net.Firewall;

/// <summary>
/// The pages of one kind of value, in order and without a gap: each reaches up to the next, the first begins at zero. Where rules ask for single values only, the
/// datapath has the map as a hash of those values, which a packet is looked up in several times faster than in a tree of ranges; other values lead nowhere then.
/// </summary>
/// <param name="Kind">The kind of value: addresses of one IP version, or ports.</param>
/// <param name="Pages">The pages; none where no rule can match.</param>
/// <param name="Capacity">Values the hash map can hold; 0 for a map of ranges. A power of two, which only changes when it has to, as the map is then made anew.</param>
internal sealed record PageMap(GuardDimension Kind, ImmutableArray<LayoutPage> Pages, int Capacity = 0)
{
    private const int MinCapacity = 64;

    /// <summary>Rules for values that are not in the hash map yet, in a chain behind its look-up, which stands empty otherwise; null for a map of ranges.</summary>
    public RuleChunk? Overflow { get; init; }

    /// <summary>Whether the datapath has it as a hash map.</summary>
    public bool IsHashed => Capacity > 0;

    /// <summary>The capacity of a map with these pages: that before if it still is right.</summary>
    /// <param name="pages">The pages.</param>
    /// <param name="before">The capacity before; 0 for none.</param>
    /// <returns>0 where a rule asks for a range.</returns>
    public static int CapacityOf(ImmutableArray<LayoutPage> pages, int before)
    {
        int count = 0;
        foreach (LayoutPage page in pages)
        {
            if (page.Singles is null)
            {
                return 0;
            }

            count += page.Singles.Length;
        }

        return count <= before && before <= Math.Max(MinCapacity, count * 8) ? before : Math.Max(MinCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)count + (uint)(count / 2)));
    }

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
