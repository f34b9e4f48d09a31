namespace Net.Traffic;

/// <summary>What became of the packets of one stream, by their numbers. It remembers the last 4,096 numbers one by one; of what comes later still it
/// takes for late what could be missing, and for repeated what could not.</summary>
internal sealed class StreamTracker
{
    /// <summary>How many numbers behind the highest one are remembered.</summary>
    public const int Window = 4_096;

    private const int WordBits = 64;

    private readonly ulong[] _seen = new ulong[Window / WordBits];
    private ulong _first;
    private ulong _highest;
    private bool _hasAny;

    /// <summary>Makes one.</summary>
    /// <param name="stream">Its number.</param>
    public StreamTracker(uint stream) => Stream = stream;

    /// <summary>The stream's number.</summary>
    public uint Stream { get; }

    /// <summary>Numbers below the highest that did not come.</summary>
    public long Missing { get; private set; }

    /// <summary>Packets that came behind a later one.</summary>
    public long Reordered { get; private set; }

    /// <summary>Packets that came again.</summary>
    public long Duplicate { get; private set; }

    /// <summary>How many there are of it, once its end said so.</summary>
    public ulong? Total { get; private set; }

    /// <summary>What was lost: what is missing, and what the end says was sent and did not come.</summary>
    public long Lost => Missing + (Total is ulong total && _hasAny && total > _highest + 1 ? (long)(total - _highest - 1) : 0);

    /// <summary>Whether all of it is there that can come: the end said how many there are, and the last one is in.</summary>
    public bool IsEnded => Total is ulong total && _highest + 1 >= total;

    /// <summary>Takes a packet.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="countsFromStart">Whether numbers before the first packet are missing.</param>
    /// <returns>True when it is new, false when it came before.</returns>
    public bool Take(ulong sequence, bool countsFromStart)
    {
        if (!_hasAny)
        {
            _hasAny = true;
            _first = countsFromStart ? 0 : sequence;
            _highest = sequence;
            Missing = (long)(sequence - _first);
            Mark(sequence);
            return true;
        }

        if (sequence > _highest)
        {
            Missing += (long)(sequence - _highest - 1);
            Forget(sequence);
            _highest = sequence;
            Mark(sequence);
            return true;
        }

        ulong behind = _highest - sequence;
        bool isKnown = behind < Window ? IsMarked(sequence) : Missing == 0;
        if (isKnown)
        {
            Duplicate++;
            return false;
        }

        if (behind < Window)
        {
            Mark(sequence);
        }

        Reordered++;

        // What came before the first packet was never missing.
        if (sequence >= _first && Missing > 0)
        {
            Missing--;
        }

        return true;
    }

    /// <summary>Takes the word of a packet that the stream ends.</summary>
    /// <param name="sequence">The packet's number.</param>
    /// <param name="remaining">How many follow it.</param>
    public void End(ulong sequence, int remaining) => Total = sequence + (ulong)remaining + 1;

    private void Mark(ulong sequence) => _seen[(sequence / WordBits) % (ulong)_seen.Length] |= 1UL << (int)(sequence % WordBits);

    private bool IsMarked(ulong sequence) => (_seen[(sequence / WordBits) % (ulong)_seen.Length] & (1UL << (int)(sequence % WordBits))) != 0;

    // The places between the highest number so far and the new one stood for numbers a window ago.
    private void Forget(ulong next)
    {
        if (next - _highest >= Window)
        {
            Array.Clear(_seen);
            return;
        }

        for (ulong sequence = _highest + 1; sequence <= next; sequence++)
        {
            if (sequence % WordBits == 0 && next - sequence >= WordBits)
            {
                _seen[(sequence / WordBits) % (ulong)_seen.Length] = 0;
                sequence += WordBits - 1;
                continue;
            }

            _seen[(sequence / WordBits) % (ulong)_seen.Length] &= ~(1UL << (int)(sequence % WordBits));
        }
    }
}
