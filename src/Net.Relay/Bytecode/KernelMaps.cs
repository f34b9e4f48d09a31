namespace Net.Relay.Bytecode;

/// <summary>Descriptors of the maps a program uses, in the process that loads it; their contents are those of <see cref="KernelLayout"/>.</summary>
public sealed record KernelMaps
{
    /// <summary>Hash of exact IPv4 entries.</summary>
    public required int Exact4 { get; init; }

    /// <summary>Hash of exact IPv6 entries.</summary>
    public required int Exact6 { get; init; }

    /// <summary>Trie of entries for IPv4 prefixes.</summary>
    public required int Prefix4 { get; init; }

    /// <summary>Trie of entries for IPv6 prefixes.</summary>
    public required int Prefix6 { get; init; }

    /// <summary>Trie of allowed sources.</summary>
    public required int Sources { get; init; }

    /// <summary>Array of targets.</summary>
    public required int Targets { get; init; }

    /// <summary>Per-CPU array of counters.</summary>
    public required int Counters { get; init; }

    /// <summary>Array of drops.</summary>
    public required int Drops { get; init; }

    /// <summary>Array of rate limits' states, indexed like counters.</summary>
    public required int Rates { get; init; }

    /// <summary>Hash of devices by interface index; of the XDP programs only.</summary>
    public int Devices { get; init; } = -1;

    /// <summary>Hash of device maps by the index of an entry's first target; of the XDP programs only.</summary>
    public int Broadcasts { get; init; } = -1;

    /// <summary>Whether the kernel has <see cref="Net.Packets.Bytecode.EbpfHelper.TimeCoarseNanoseconds"/>: good enough to say when a point was last seen.</summary>
    public bool HasCoarseClock { get; init; }
}
