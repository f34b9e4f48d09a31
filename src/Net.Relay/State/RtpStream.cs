namespace Net.Relay;

/// <summary>One RTP stream: 16-bit numbers become a sequence without end, after two in a row have shown that it is RTP (RFC 3550 appendix A.1, MIN_SEQUENTIAL).</summary>
internal sealed class RtpStream
{
    /// <summary>A step ahead beyond this is a restart of the sender (RFC 3550 appendix A.1, MAX_DROPOUT).</summary>
    public const int MaxGap = 3000;

    private readonly SequenceWindow _window;
    private readonly int _windowSize;
    private long _start;
    private ushort _expected;
    private bool _hasExpected;

    /// <summary>Makes one without a stream.</summary>
    /// <param name="windowSize">How many numbers back it remembers.</param>
    public RtpStream(int windowSize)
    {
        _windowSize = windowSize;
        _window = new SequenceWindow(windowSize, MaxGap);
    }

    /// <summary>The stream it is of, as the owner wants it.</summary>
    public ulong Key { get; private set; }

    /// <summary>When it last saw a packet, monotonic clock in nanoseconds; 0 for never.</summary>
    public long LastSeen { get; private set; }

    /// <summary>When the stream last got ahead.</summary>
    public long LastAdvance { get; private set; }

    /// <summary>Whether it is certain that it is RTP.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>Begins with another stream.</summary>
    /// <param name="key">The stream.</param>
    public void Reset(ulong key)
    {
        Key = key;
        IsEstablished = false;
        _hasExpected = false;
        LastSeen = 0;
        LastAdvance = 0;
    }

    /// <summary>Sees a packet.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="missing">How many are missing before it, for <see cref="SequenceEvent.Gap"/>.</param>
    public SequenceEvent See(ushort sequence, long now, out long missing)
    {
        LastSeen = now;
        if (!IsEstablished)
        {
            missing = 0;
            return Probe(sequence, now);
        }

        SequenceEvent found = _window.See(Extend(sequence), out missing);
        if (found is SequenceEvent.Next or SequenceEvent.Gap)
        {
            LastAdvance = now;
        }

        return found;
    }

    /// <summary>Takes a far number as a restart of the sender.</summary>
    /// <param name="sequence">The number.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public void Restart(ushort sequence, long now)
    {
        // One lap ahead, so that numbers before it are not negative.
        _start = ushort.MaxValue + 1L + sequence;
        _window.Restart(_start);
        LastAdvance = now;
    }

    /// <summary>Whether a number is from shortly before the stream was established, so that it is not known whether it was seen.</summary>
    /// <param name="sequence">The number.</param>
    public bool PrecedesStart(ushort sequence)
    {
        long extended = Extend(sequence);
        return extended < _start && extended > _window.Highest - _windowSize;
    }

    /// <summary>Whether a far number follows another far one, which is how a restart shows itself.</summary>
    /// <param name="sequence">The number.</param>
    public bool ConfirmsRestart(ushort sequence)
    {
        bool confirms = _hasExpected && sequence == _expected;
        _expected = (ushort)(sequence + 1);
        _hasExpected = true;
        return confirms;
    }

    // The number nearest to the highest: half of the 65,536 are ahead, half behind.
    private long Extend(ushort sequence) => _window.Highest + (short)(sequence - (ushort)_window.Highest);

    private SequenceEvent Probe(ushort sequence, long now)
    {
        if (!ConfirmsRestart(sequence))
        {
            return SequenceEvent.Far;
        }

        IsEstablished = true;
        _hasExpected = false;
        Restart(sequence, now);
        return SequenceEvent.Next;
    }
}
