namespace Net.Engine.Relay.Kernel;

/// <summary>Which counters in the kernel's arrays belong to which point of which rule. They stay while the rule does, whatever else of it changes.</summary>
internal sealed class CounterSlots
{
    private readonly Dictionary<(int RuleId, int Output), int> _slots = [];
    private readonly Stack<int> _free = [];

    /// <summary>Slots below this have been used.</summary>
    internal int High { get; private set; }

    /// <summary>Points and their slots.</summary>
    internal IReadOnlyDictionary<(int RuleId, int Output), int> Slots => _slots;

    /// <summary>Whether so many more points would need more than a number of slots.</summary>
    /// <param name="points">Points.</param>
    /// <param name="capacity">Slots there are.</param>
    internal bool Exceeds(int points, int capacity) => points > _free.Count + capacity - High;

    /// <summary>The slot of a point, which gets one if it has none.</summary>
    /// <param name="ruleId">The rule.</param>
    /// <param name="output">The output, or the input's number.</param>
    /// <param name="isReused">Whether it is new for this point and had another before, so that it must be set to zero.</param>
    internal int Take(int ruleId, int output, out bool isReused)
    {
        isReused = false;
        if (_slots.TryGetValue((ruleId, output), out int slot))
        {
            return slot;
        }

        isReused = _free.TryPop(out slot);
        slot = isReused ? slot : High++;
        _slots.Add((ruleId, output), slot);
        return slot;
    }

    /// <summary>Takes over what another engine had given.</summary>
    /// <param name="ruleId">The rule.</param>
    /// <param name="output">The output, or the input's number.</param>
    /// <param name="slot">Its slot.</param>
    internal void Adopt(int ruleId, int output, int slot)
    {
        _slots[(ruleId, output)] = slot;
        High = Math.Max(High, slot + 1);
    }

    /// <summary>Takes all slots back whose points are not among some.</summary>
    /// <param name="points">Points that stay.</param>
    /// <returns>Slots that were taken back.</returns>
    internal List<int> Retain(HashSet<(int RuleId, int Output)> points)
    {
        var gone = _slots.Where(pair => !points.Contains(pair.Key)).ToList();
        foreach (KeyValuePair<(int RuleId, int Output), int> pair in gone)
        {
            _slots.Remove(pair.Key);
            _free.Push(pair.Value);
        }

        return [.. gone.Select(pair => pair.Value)];
    }
}
