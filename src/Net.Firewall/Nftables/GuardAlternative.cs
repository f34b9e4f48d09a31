namespace Net.Firewall;

/// <summary>One question of a guard: packets it is true of are led to the rules behind it.</summary>
/// <param name="Dimension">What is looked at.</param>
internal sealed record GuardAlternative(GuardDimension Dimension)
{
    /// <summary>Addresses or ports, sorted and without overlap, when the dimension is one of these; one of them must hold the packet's.</summary>
    public NumberInterval[] Ranges { get; init; } = [];

    /// <summary>Whether the ranges are a set of their own, rather than one range in the rule.</summary>
    public bool IsSet => Ranges.Length > 1;

    /// <summary>The interface, or start of one with *.</summary>
    public string? Interface { get; init; }

    /// <summary>The protocol number, the flags of <see cref="ConnectionStates"/>, or 4 or 6.</summary>
    public uint Number { get; init; }

    /// <summary>Whether the question reads the same in a rule; what is in its set does not matter.</summary>
    /// <param name="other">The other.</param>
    public bool ReadsLike(GuardAlternative other) => Dimension == other.Dimension && Number == other.Number && Interface == other.Interface
        && IsSet == other.IsSet && (IsSet || Ranges.AsSpan().SequenceEqual(other.Ranges));
}
