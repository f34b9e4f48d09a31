using System.Numerics;

namespace Net.Traffic;

/// <summary>Counts times in nanoseconds, log-linear: 64 steps for each power of two, so that a percentile is exact to 1.6 % from nanoseconds to hours. About
/// 22 KB, whatever is counted; nothing is allocated after it is made.</summary>
public sealed class LatencyHistogram
{
    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;

    // Up to 2^48 ns, three days; what is longer counts as that.
    private const int HighestBit = 48;

    private readonly long[] _counts = new long[(HighestBit - StepBits + 1) * Steps];
    private long _sum;

    /// <summary>Times counted.</summary>
    public long Count { get; private set; }

    /// <summary>The shortest, exact; 0 when nothing was counted.</summary>
    public long Minimum { get; private set; }

    /// <summary>The longest, exact.</summary>
    public long Maximum { get; private set; }

    /// <summary>The mean; 0 when nothing was counted.</summary>
    public long Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Counts a time.</summary>
    /// <param name="nanoseconds">The time; below 0 counts as 0.</param>
    public void Add(long nanoseconds)
    {
        long value = Math.Clamp(nanoseconds, 0, (1L << HighestBit) - 1);
        _counts[IndexOf(value)]++;
        _sum += value;
        Minimum = Count == 0 ? value : Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
        Count++;
    }

    /// <summary>Counts all that another one counted.</summary>
    /// <param name="other">The other.</param>
    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count == 0)
        {
            return;
        }

        for (int index = 0; index < _counts.Length; index++)
        {
            _counts[index] += other._counts[index];
        }

        Minimum = Count == 0 ? other.Minimum : Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
        _sum += other._sum;
        Count += other.Count;
    }

    /// <summary>The time a share of them did not exceed.</summary>
    /// <param name="share">0.5 for the median, 0.99 and so on.</param>
    /// <returns>The time in nanoseconds: the middle of its step, never beyond the shortest and the longest; 0 when nothing was counted.</returns>
    public long Percentile(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long passed = 0;
        for (int index = 0; index < _counts.Length; index++)
        {
            passed += _counts[index];
            if (passed >= wanted && passed > 0)
            {
                return Math.Clamp(MiddleOf(index), Minimum, Maximum);
            }
        }

        return 0;
    }

    /// <summary>All of it in one record.</summary>
    /// <returns>The record; null when nothing was counted.</returns>
    public TrafficLatency? Summarize() => Count == 0
        ? null
        : new TrafficLatency(Minimum, Mean, Percentile(0.5), Percentile(0.99), Percentile(0.999), Maximum);

    // Below 64 a step is one nanosecond; above, the highest bit chooses a row of 64 and the six bits behind it the step.
    private static int IndexOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - StepBits);
        return (shift << StepBits) + (int)(value >> shift);
    }

    private static long MiddleOf(int index)
    {
        if (index < 2 * Steps)
        {
            return index;
        }

        int shift = (index >> StepBits) - 1;
        long lowest = (long)(index - (shift << StepBits)) << shift;
        return lowest + ((1L << shift) / 2);
    }
}
