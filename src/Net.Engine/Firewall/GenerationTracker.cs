using Net.Platform;

namespace Net.Engine.Firewall;

/// <summary>
/// Knows up to which generation of the kernel's rule sets our table holds exactly what we wrote, without reading the table. The kernel counts one
/// generation for each transaction, whoever makes it, so that one that is where we left it proves that nobody was there, and one more than before
/// our transaction proves that there was only ours. What others did in between is known from the announcements of the monitor; where one is
/// missing nothing is known, and the table has to be read. All members may be called from any thread.
/// </summary>
internal sealed class GenerationTracker
{
    // More than come between two looks; a monitor that is further behind than this is as good as none.
    private const int MaxHeard = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, FirewallGeneration> _heard = [];
    private readonly FirewallTable _table;

    // Transactions after the floor that are known to be ours; what came up to the floor does not matter any more.
    private readonly HashSet<uint> _own = [];
    private uint _floor;

    // Our table is known to be ours at this generation. With an unmatched transaction of our own: before that.
    private uint? _at;
    private int? _unmatched;
    private bool _isUnmatchedWhole;

    /// <summary>Watches over a table.</summary>
    public GenerationTracker(FirewallTable table) => _table = table;

    /// <summary>Whether a transaction of ours came together with somebody else's, and it is not known yet which did what.</summary>
    public bool IsUnmatched
    {
        get
        {
            lock (_gate)
            {
                return _unmatched is not null;
            }
        }
    }

    /// <summary>Whether our table is known to hold what we wrote at a generation.</summary>
    public bool IsOursAt(uint generation)
    {
        lock (_gate)
        {
            Advance();
            return _unmatched is null && _at == generation;
        }
    }

    /// <summary>Our table was read at a generation and holds what we wrote.</summary>
    public void Verified(uint generation)
    {
        lock (_gate)
        {
            // The kernel counts a transaction before it changes the table, so this reading may have been too early for the one it counted last.
            Stand(generation, floor: generation - 1);
        }
    }

    /// <summary>Nothing is known any more: the table has to be read.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _at = null;
            _unmatched = null;
            _heard.Clear();
        }
    }

    /// <summary>The generation after another, as nf_tables_commit() counts: 0 is left out.</summary>
    public static uint Next(uint generation) => generation == uint.MaxValue ? 1 : generation + 1;

    /// <summary>A transaction of ours was made.</summary>
    /// <param name="before">The generation before it.</param>
    /// <param name="after">A generation after it; others may have come in between, on either side of ours.</param>
    /// <param name="process">The process that made it.</param>
    /// <param name="isWhole">Whether it wrote the whole table, so that what was before does not matter. Else our table was ours at <paramref name="before"/>.</param>
    public void Wrote(uint before, uint after, int process, bool isWhole)
    {
        lock (_gate)
        {
            if (after == before || after == Next(before))
            {
                // Nothing to be done for the kernel, or nobody but us.
                _own.Add(after);
                Stand(after, isWhole ? after : _floor);
                return;
            }

            _at = before;
            _unmatched = process;
            _isUnmatchedWhole = isWhole;
            Advance();
        }
    }

    /// <summary>The monitor tells of a transaction.</summary>
    /// <returns>Whether our table is still known to be ours after it: it was ours alone, or left our table alone.</returns>
    public bool Heard(FirewallGeneration generation)
    {
        lock (_gate)
        {
            if (generation.IsOverrun)
            {
                // Any transaction may have been lost, and what comes next may be the rest of one.
                _heard.Clear();
                return false;
            }

            if (_at is { } at && IsUpTo(generation.Id, at))
            {
                if (!IsUpTo(generation.Id, _floor) && generation.Touches(_table) && !_own.Contains(generation.Id))
                {
                    _at = null;
                }

                return _at is not null && _unmatched is null;
            }

            if (_heard.Count >= MaxHeard)
            {
                _heard.Clear();
            }

            _heard[generation.Id] = generation;
            Advance();
            return _unmatched is null && _at == generation.Id;
        }
    }

    private void Advance()
    {
        while (_at is { } at && _heard.TryGetValue(Next(at), out FirewallGeneration? next))
        {
            bool isUnmatched = _unmatched is { } process && next.ProcessId == process && next.Touches(_table);
            if (!isUnmatched && next.Touches(_table) && !(_unmatched is not null && _isUnmatchedWhole))
            {
                // Somebody else's.
                return;
            }

            if (isUnmatched)
            {
                // One transaction a process: a later one by the same number is another process.
                _unmatched = null;
                _own.Add(next.Id);
                _floor = _isUnmatchedWhole ? next.Id : _floor;
            }

            _at = next.Id;
            _heard.Remove(next.Id);
        }
    }

    private static bool IsUpTo(uint generation, uint limit) => (int)(generation - limit) <= 0;

    private void Stand(uint generation, uint floor)
    {
        _at = generation;
        _unmatched = null;
        _floor = floor;
        _own.RemoveWhere(id => IsUpTo(id, floor) || !IsUpTo(id, generation));
        foreach (uint old in _heard.Keys.Where(id => IsUpTo(id, generation)).ToArray())
        {
            _heard.Remove(old);
        }

        Advance();
    }
}
