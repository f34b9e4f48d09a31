namespace Net.Overlay.Routing;

/// <summary>A prefix and the number it leads to, as <see cref="PrefixTrie"/> takes it.</summary>
/// <param name="Bits">The left-aligned network address.</param>
/// <param name="Length">Bits that count.</param>
/// <param name="Value">What a lookup returns, not negative.</param>
internal readonly record struct PrefixEntry(UInt128 Bits, int Length, int Value);
