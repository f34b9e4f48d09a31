using Net.Relay;

namespace Net.Workers.Relay;

/// <summary>Counters of one ring or receiving socket, since the worker started.</summary>
public sealed record RelayInputCounters
{
    /// <summary>Its id.</summary>
    public required int Id { get; init; }

    /// <summary>The interface.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>Packets that came, whether a rule wanted them or not.</summary>
    public long Packets { get; init; }

    /// <summary>Packets no rule wanted.</summary>
    public long Unmatched { get; init; }

    /// <summary>Frames of a VLAN, which belong to the VLAN's interface.</summary>
    public long OtherVlan { get; init; }

    /// <summary>What was dropped before a rule was known, indexed by <see cref="RelayDrop"/>: malformed packets, fragments, wrong checksums, and
    /// <see cref="RelayDrop.Ring"/> for what the kernel dropped because ring or buffer was full. Empty when there is nothing.</summary>
    public long[] Drops { get; init; } = [];
}
