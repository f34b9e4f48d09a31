namespace Net.Firewall;

/// <summary>The rules that take a value of one dimension: as a few numbers besides those that take every value, or as bits with them.</summary>
/// <param name="Rules">Numbers of rules, ascending; null when there are many.</param>
/// <param name="Bits">Bits of all rules; null when there are few.</param>
internal sealed record IndexCell(int[]? Rules, ulong[]? Bits)
{
    /// <summary>No rules besides those that take every value.</summary>
    public static IndexCell Empty { get; } = new([], null);

    /// <summary>Leaves of candidates those the value allows.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="scratch">Room of the same length.</param>
    /// <param name="always">Rules that take every value.</param>
    public void And(Span<ulong> candidates, Span<ulong> scratch, ReadOnlySpan<ulong> always)
    {
        if (Bits is not null)
        {
            BitVector.And(candidates, Bits);
            return;
        }

        if (Rules!.Length == 0)
        {
            BitVector.And(candidates, always);
            return;
        }

        always.CopyTo(scratch);
        foreach (int rule in Rules)
        {
            BitVector.Set(scratch, rule);
        }

        BitVector.And(candidates, scratch);
    }
}
