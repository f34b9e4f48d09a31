namespace Net.Platform;

/// <summary>State of a neighbour entry (the NUD_ bits).</summary>
[Flags]
public enum NeighborStates
{
    /// <summary>No resolution needed or tried.</summary>
    None = 0,

    /// <summary>Being resolved.</summary>
    Incomplete = 0x01,

    /// <summary>Confirmed recently.</summary>
    Reachable = 0x02,

    /// <summary>Known, not confirmed recently.</summary>
    Stale = 0x04,

    /// <summary>About to be probed.</summary>
    Delay = 0x08,

    /// <summary>Being probed.</summary>
    Probe = 0x10,

    /// <summary>Did not answer.</summary>
    Failed = 0x20,

    /// <summary>The device needs no resolution.</summary>
    NoArp = 0x40,

    /// <summary>Set by hand.</summary>
    Permanent = 0x80,
}
