using Net.Overlay.Routing;

namespace Net.Overlay.Policy;

/// <summary>One side of a rule: anything, or whatever is in at least one of the lists.</summary>
public sealed record PolicyEndpoints
{
    /// <summary>Every address.</summary>
    public static PolicyEndpoints Any { get; } = new() { IsAny = true };

    /// <summary>Whether every address matches; the lists then do not count.</summary>
    public bool IsAny { get; init; }

    /// <summary>Peers by index; their own addresses match, when the packet comes from or goes to that very peer.</summary>
    public IReadOnlyList<int> Peers { get; init; } = [];

    /// <summary>Groups by name, compared without case; each stands for the peers in it.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Addresses, whichever peer they are at.</summary>
    public IReadOnlyList<OverlayPrefix> Prefixes { get; init; } = [];
}
