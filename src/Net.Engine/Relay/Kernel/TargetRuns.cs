namespace Net.Engine.Relay.Kernel;

/// <summary>Which elements of the array of targets are in use, in runs. A run that is given back rests before it is used again: a program may still be reading it.</summary>
internal sealed class TargetRuns
{
    // Programs run for microseconds; a preempted one for milliseconds.
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);
    private readonly Dictionary<int, Queue<(int First, long FreedAt)>> _free = [];
    private readonly TimeProvider _time;

    /// <summary>Makes one without runs.</summary>
    /// <param name="capacity">Elements there are.</param>
    /// <param name="time">The clock.</param>
    internal TargetRuns(int capacity, TimeProvider time)
    {
        Capacity = capacity;
        _time = time;
    }

    /// <summary>Elements there are; it may be raised.</summary>
    internal int Capacity { get; set; }

    /// <summary>Elements below this have been used.</summary>
    internal int High { get; private set; }

    /// <summary>Takes a run.</summary>
    /// <param name="length">Its length, 1 at least.</param>
    /// <returns>Its first element; -1 when there is no room.</returns>
    internal int Take(int length)
    {
        if (_free.TryGetValue(length, out Queue<(int First, long FreedAt)>? free) && free.TryPeek(out (int First, long FreedAt) oldest) && _time.GetElapsedTime(oldest.FreedAt) >= s_rest)
        {
            free.Dequeue();
            return oldest.First;
        }

        if (High + length > Capacity)
        {
            return -1;
        }

        int first = High;
        High += length;
        return first;
    }

    /// <summary>Marks elements as used that another engine had taken.</summary>
    /// <param name="first">The first.</param>
    /// <param name="length">How many.</param>
    internal void Adopt(int first, int length) => High = Math.Max(High, first + length);

    /// <summary>Gives a run back.</summary>
    /// <param name="first">Its first element.</param>
    /// <param name="length">Its length.</param>
    internal void Return(int first, int length)
    {
        if (!_free.TryGetValue(length, out Queue<(int First, long FreedAt)>? free))
        {
            free = new Queue<(int First, long FreedAt)>();
            _free.Add(length, free);
        }

        free.Enqueue((first, _time.GetTimestamp()));
    }
}
