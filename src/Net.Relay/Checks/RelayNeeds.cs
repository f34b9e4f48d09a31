namespace Net.Relay;

/// <summary>What a rule asks of an engine that not every engine can do.</summary>
[Flags]
public enum RelayNeeds
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Several destination ports.</summary>
    PortRange = 1 << 0,

    /// <summary>A prefix of destinations.</summary>
    DestinationPrefix = 1 << 1,

    /// <summary>A prefix of sources in its input.</summary>
    SourcePrefix = 1 << 2,

    /// <summary>ESP instead of UDP.</summary>
    Esp = 1 << 3,

    /// <summary>Fragments of packets larger than an output's MTU.</summary>
    Fragments = 1 << 4,

    /// <summary>Counting of sequence numbers in the payload.</summary>
    Sequence = 1 << 5,

    /// <summary>Suppression of duplicates, or hot standby.</summary>
    Duplicates = 1 << 6,

    /// <summary>Another address family at an output.</summary>
    FamilyChange = 1 << 7,

    /// <summary>The packet's own source address at an output.</summary>
    KeepSource = 1 << 8,

    /// <summary>An output device without Ethernet headers.</summary>
    RawOutput = 1 << 9,
}
