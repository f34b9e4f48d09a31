using System.Numerics;

namespace Net.Firewall;

/// <summary>A dimension of numbers, cut where a range of some rule begins or ends: between two cuts all values have the same rules.</summary>
/// <typeparam name="T">Type of the numbers.</typeparam>
internal sealed class IntervalDimension<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly ulong[] _always;
    private readonly T[] _starts;
    private readonly IndexCell[] _cells;

    private IntervalDimension(ulong[] always, T[] starts, IndexCell[] cells)
    {
        _always = always;
        _starts = starts;
        _cells = cells;
    }

    /// <summary>Builds the dimension.</summary>
    /// <param name="ranges">The ranges, each with the rules that ask for it; a rule may have several, overlapping or not.</param>
    /// <param name="always">Rules that take every value.</param>
    public static IntervalDimension<T> Build(List<(T First, T Last, int[] Rules)> ranges, ulong[] always)
    {
        (T First, T Last, int[] Rules)[] starting = [.. ranges];
        (T First, T Last, int[] Rules)[] ending = [.. ranges];
        Array.Sort(starting, static (a, b) => a.First.CompareTo(b.First));
        Array.Sort(ending, static (a, b) => a.Last.CompareTo(b.Last));

        var cells = new IndexCells(always);
        var active = new ulong[always.Length];
        var depth = new int[always.Length * 64];
        int count = 0;
        List<T> starts = [T.MinValue];
        List<IndexCell> found = [IndexCell.Empty];
        int start = 0;
        int end = 0;
        while (start < starting.Length || end < ending.Length)
        {
            // A range that ends at the last value of all never ends; nothing begins after it either.
            if (start == starting.Length && ending[end].Last == T.MaxValue)
            {
                break;
            }

            T at = start == starting.Length ? ending[end].Last + T.One
                : ending[end].Last == T.MaxValue ? starting[start].First
                : T.Min(starting[start].First, ending[end].Last + T.One);
            for (; end < ending.Length && ending[end].Last != T.MaxValue && ending[end].Last + T.One == at; end++)
            {
                foreach (int rule in ending[end].Rules)
                {
                    if (--depth[rule] == 0)
                    {
                        BitVector.Clear(active, rule);
                        count--;
                    }
                }
            }

            for (; start < starting.Length && starting[start].First == at; start++)
            {
                foreach (int rule in starting[start].Rules)
                {
                    if (depth[rule]++ == 0)
                    {
                        BitVector.Set(active, rule);
                        count++;
                    }
                }
            }

            Add(starts, found, at, cells.Of(active, count));
        }

        return new IntervalDimension<T>(always, [.. starts], [.. found]);
    }

    /// <summary>Leaves of candidates those that take a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="scratch">Room of the same length.</param>
    public void And(T value, Span<ulong> candidates, Span<ulong> scratch) =>
        _cells[FlowAddresses.Find<T>(_starts, value)].And(candidates, scratch, _always);

    private static void Add(List<T> starts, List<IndexCell> cells, T at, IndexCell cell)
    {
        if (starts[^1] == at)
        {
            cells[^1] = cell;
        }
        else if (!ReferenceEquals(cells[^1], cell))
        {
            starts.Add(at);
            cells.Add(cell);
        }
    }
}
