using Net.Platform;

namespace Net.Engine.Firewall;

/// <summary>
/// Tells whether a table of ours still holds what was written into it last. Reading 10,000 rules takes longer than changing one, so the table is
/// read only where the kernel's generations do not answer (<see cref="GenerationTracker"/>), and once after each change, when nobody waits.
/// Looks and writes are made one at a time; <see cref="Heard"/>, <see cref="LookAhead"/> and <see cref="WantReading"/> may be called at any time.
/// </summary>
internal sealed class TableWatch(IFirewallReader reader, FirewallTable table, Action<Exception> onUnreadable, TimeProvider clock)
{
    private readonly GenerationTracker _generations = new(table);
    private volatile TableReading? _written;
    private volatile TableReading? _ahead;
    private volatile bool _isReadingWanted;
    private volatile bool _isReadingAheadWanted;
    private volatile bool _isWriting;
    private volatile bool _hasWritten;
    private uint? _before;
    private long _writtenAt;

    /// <summary>Whether something was written that was not read back yet, so that only the generations vouch for it.</summary>
    public bool NeedsLook => _hasWritten && (_written is null || IsUnmatched);

    /// <summary>Whether a transaction of ours came together with somebody else's, and it is not known yet which did what.</summary>
    public bool IsUnmatched => _generations.IsUnmatched;

    /// <summary>How long ago the last transaction over our table was made. While changes follow each other, reading it back would take a core from the next one, which makes it worthless.</summary>
    public TimeSpan SinceWritten => clock.GetElapsedTime(Interlocked.Read(ref _writtenAt));

    /// <summary>The generation at which the last look was made; 0 before.</summary>
    public uint LookedAt { get; private set; }

    /// <summary>Makes the next look read the table, even if the generations say that nobody was there.</summary>
    public void WantReading() => _isReadingWanted = true;

    /// <summary>The monitor tells of a transaction.</summary>
    /// <returns>Whether our table is still known to hold what we wrote.</returns>
    public bool Heard(FirewallGeneration generation) => _generations.Heard(generation);

    /// <summary>Has the table read at the next occasion at which nobody waits for it, to know it by more than its generation.</summary>
    public void WantReadingAhead() => _isReadingAheadWanted = true;

    /// <summary>Reads the table, if the next look will want to know, so that the look itself is short. For whoever does not keep others from changing it.</summary>
    public void LookAhead()
    {
        if (_isWriting)
        {
            // Most likely what is to be looked at is our own transaction, and once it is over the generation says so.
            return;
        }

        try
        {
            if (_isReadingWanted || _isReadingAheadWanted || !_generations.IsOursAt(reader.GetGeneration()))
            {
                _ahead = Read();
                _isReadingAheadWanted = false;
            }
        }
        catch (Exception)
        {
            // It changed all the time or cannot be read; the look itself says so.
            _ahead = null;
        }
    }

    /// <summary>Whether the table holds what was written last, so that a change can be made on top of it.</summary>
    public bool IsUntouched()
    {
        if (!TryGetGeneration(out uint generation))
        {
            return false;
        }

        if (_generations.IsOursAt(generation))
        {
            return true;
        }

        if (_written is not { } written || TryRead() is not { } now || now.Fingerprint != written.Fingerprint)
        {
            return false;
        }

        _generations.Verified(now.Generation);
        return true;
    }

    /// <summary>Compares the table with what was written last.</summary>
    public TableState Look()
    {
        if (!TryGetGeneration(out uint generation))
        {
            return TableState.Unreadable;
        }

        LookedAt = generation;
        TableReading? now = _ahead is { } ahead && ahead.Generation == generation ? ahead : null;
        _ahead = null;
        bool isOurs = _generations.IsOursAt(generation);
        if (isOurs && !_isReadingWanted)
        {
            _written ??= now;
            return TableState.Ours;
        }

        now ??= TryRead();
        if (now is null)
        {
            return TableState.Unreadable;
        }

        _isReadingWanted = false;
        TableReading? written = _written;
        if (written is null && _generations.IsOursAt(now.Generation))
        {
            _written = now;
            return TableState.Ours;
        }

        if (written is not null && written.Fingerprint == now.Fingerprint)
        {
            _generations.Verified(now.Generation);
            return TableState.Ours;
        }

        return now.Fingerprint is null ? TableState.Removed : written is null ? TableState.Unknown : TableState.Changed;
    }

    /// <summary>A transaction over our table is about to be made.</summary>
    public void Begin()
    {
        _isWriting = true;
        _before = TryGetGeneration(out uint generation) ? generation : null;
    }

    /// <summary>Whether nobody else made a transaction since <see cref="Begin"/>, as far as the kernel's generation tells.</summary>
    /// <param name="hasWritten">Whether ours was made.</param>
    public bool WasAlone(bool hasWritten) =>
        _before is { } before && TryGetGeneration(out uint now) && (now == before || (hasWritten && now == GenerationTracker.Next(before)));

    /// <summary>The transaction was made (<see cref="Wrote"/> was called) or refused.</summary>
    public void End() => _isWriting = false;

    /// <summary>A transaction over our table was made.</summary>
    /// <param name="process">The process that made it.</param>
    /// <param name="isWhole">Whether it wrote the whole table; else <see cref="IsUntouched"/> was asked before.</param>
    /// <returns>Whether the table can be watched: false when the kernel could not be asked.</returns>
    public bool Wrote(int process, bool isWhole)
    {
        _written = null;
        _hasWritten = true;
        Interlocked.Exchange(ref _writtenAt, clock.GetTimestamp());
        if (_before is { } before && TryGetGeneration(out uint after))
        {
            _generations.Wrote(before, after, process, isWhole);
            return true;
        }

        _generations.Forget();
        return false;
    }

    /// <summary>Nothing of ours is there any more, and nothing shall be found missing.</summary>
    public void Forget()
    {
        _written = null;
        _hasWritten = false;
        _generations.Forget();
    }

    private TableReading Read()
    {
        string? fingerprint = reader.ComputeFingerprint(table, out uint generation);
        return new TableReading(fingerprint, generation);
    }

    private TableReading? TryRead()
    {
        try
        {
            return Read();
        }
        catch (Exception exception)
        {
            onUnreadable(exception);
            return null;
        }
    }

    private bool TryGetGeneration(out uint generation)
    {
        try
        {
            generation = reader.GetGeneration();
            return true;
        }
        catch (Exception exception)
        {
            onUnreadable(exception);
            generation = 0;
            return false;
        }
    }
}
