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

    /// <summary>Frames that were no packets of UDP or ESP the relay can read; by rule nothing of them is known.</summary>
    public long Malformed { get; init; }

    /// <summary>Frames of a VLAN, which belong to the VLAN's interface.</summary>
    public long OtherVlan { get; init; }

    /// <summary>Packets the kernel dropped because ring or buffer was full (RelayDrop.Ring).</summary>
    public long Overruns { get; init; }
}
