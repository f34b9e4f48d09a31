namespace Net.Relay;

/// <summary>What a number turned out to be in its sequence.</summary>
public enum SequenceEvent : byte
{
    /// <summary>The next one, or the first.</summary>
    Next,

    /// <summary>A later one than the next: those between are missing.</summary>
    Gap,

    /// <summary>One that had been missing.</summary>
    Late,

    /// <summary>One that had been seen.</summary>
    Duplicate,

    /// <summary>So far back or ahead that nothing is known of it.</summary>
    Far,
}

/// <summary>Remembers which of the last numbers of a sequence were seen, as the replay window of RFC 4303 section 3.4.3 does.</summary>
public sealed class SequenceWindow
{
    private const int WordBits = 64;

    private readonly ulong[] _seen;
    private readonly long _size;
    private readonly long _maxGap;

    /// <summary>Makes an empty window.</summary>
    /// <param name="size">How many numbers back it remembers: a power of two, 64 at least.</param>
    /// <param name="maxGap">A step ahead beyond this is <see cref="SequenceEvent.Far"/>.</param>
    public SequenceWindow(int size, long maxGap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, WordBits);
        ArgumentOutOfRangeException.ThrowIfNotEqual(size & (size - 1), 0);
        _size = size;
        _maxGap = maxGap;
        _seen = new ulong[size / WordBits];
    }

    /// <summary>The highest number seen; -1 when empty.</summary>
    public long Highest { get; private set; } = -1;

    /// <summary>Forgets everything and begins with a number.</summary>
    /// <param name="sequence">The number, 0 or above.</param>
    public void Restart(long sequence)
    {
        _seen.AsSpan().Clear();
        Highest = sequence;
        Set(sequence);
    }

    /// <summary>Sees a number.</summary>
    /// <param name="sequence">The number, 0 or above.</param>
    /// <param name="missing">How many are missing between the highest and it, for <see cref="SequenceEvent.Gap"/>.</param>
    public SequenceEvent See(long sequence, out long missing)
    {
        missing = 0;
        if (Highest < 0)
        {
            Restart(sequence);
            return SequenceEvent.Next;
        }

        long step = sequence - Highest;
        if (step > _maxGap || step <= -_size)
        {
            return SequenceEvent.Far;
        }

        if (step <= 0)
        {
            bool wasSeen = IsSet(sequence);
            Set(sequence);
            return wasSeen ? SequenceEvent.Duplicate : SequenceEvent.Late;
        }

        if (step >= _size)
        {
            _seen.AsSpan().Clear();
        }
        else
        {
            for (long skipped = Highest + 1; skipped < sequence; skipped++)
            {
                Reset(skipped);
            }
        }

        Highest = sequence;
        Set(sequence);
        missing = step - 1;
        return missing == 0 ? SequenceEvent.Next : SequenceEvent.Gap;
    }

    private bool IsSet(long sequence) => (_seen[Word(sequence)] & Bit(sequence)) != 0;

    private void Set(long sequence) => _seen[Word(sequence)] |= Bit(sequence);

    private void Reset(long sequence) => _seen[Word(sequence)] &= ~Bit(sequence);

    private int Word(long sequence) => (int)((sequence & (_size - 1)) / WordBits);

    private static ulong Bit(long sequence) => 1UL << (int)(sequence & (WordBits - 1));
}
