namespace Net.Firewall;

/// <summary>A packet mark, or some bits of it.</summary>
/// <param name="Value">The bits; none outside the mask.</param>
/// <param name="Mask">Which bits are looked at, or set; the others are left as they are.</param>
public readonly record struct MarkMatch(uint Value, uint Mask = uint.MaxValue)
{
    /// <summary>Whether a mark matches.</summary>
    /// <param name="mark">The mark.</param>
    public bool Matches(uint mark) => (mark & Mask) == Value;

    /// <summary>A mark with these bits set.</summary>
    /// <param name="mark">The mark before.</param>
    public uint Apply(uint mark) => (mark & ~Mask) | Value;
}
