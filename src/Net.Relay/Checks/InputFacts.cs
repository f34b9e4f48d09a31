namespace Net.Relay;

/// <summary>What is known of the input interface of a flow.</summary>
public readonly record struct InputFacts
{
    /// <summary>Whether its driver runs XDP itself; the generic mode is slower than tcx.</summary>
    public bool HasNativeXdp { get; init; }

    /// <summary>Whether a sender may be on this host, as behind veth: XDP sees its packets before their checksums are made, and could only send wrong ones.</summary>
    public bool SenderMayBeLocal { get; init; }
}
