namespace Net.Relay;

/// <summary>What is done where several sources send one stream.</summary>
public enum DuplicateMode : byte
{
    /// <summary>Every packet is relayed.</summary>
    None,

    /// <summary>Of packets that several sources carry, the first to arrive is relayed.</summary>
    Suppress,

    /// <summary>One source is relayed; another takes over when it falls silent.</summary>
    Standby,
}
