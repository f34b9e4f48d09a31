namespace Net.Relay.Bytecode;

/// <summary>What lies where in the maps that programs and engine share. Numbers of packets are in network byte order, all others in the host's. Changing anything here changes
/// <see cref="Version"/>, so that no engine reads what another version left pinned.</summary>
public static class KernelLayout
{
    /// <summary>Number of this layout and of the programs' behaviour.</summary>
    public const uint Version = 1;

    /// <summary>The most targets of one entry.</summary>
    public const int MaxTargets = 64;

    /// <summary>Key of an exact IPv4 entry: interface 4, destination 4, source 4 (0 for any), port 2, protocol 1, zero 1.</summary>
    public const int Key4Bytes = 16;

    /// <summary>Key of an exact IPv6 entry: interface 4, port 2, protocol 1, zero 1, destination 16, source 16 (0 for any).</summary>
    public const int Key6Bytes = 40;

    /// <summary>Key of an IPv4 prefix: length in bits 4, interface 4, port 2, protocol 1, zero 1, destination 4.</summary>
    public const int Prefix4Bytes = 16;

    /// <summary>Key of an IPv6 prefix: as for IPv4, with 16 bytes of destination.</summary>
    public const int Prefix6Bytes = 28;

    /// <summary>Bits in front of the destination in a prefix key: they all have to match.</summary>
    public const int PrefixFixedBits = 64;

    /// <summary>Key of an allowed source: length in bits 4, rule 4, address 16 (IPv4 in the first 4).</summary>
    public const int SourceBytes = 24;

    /// <summary>Bits in front of the address in the key of an allowed source.</summary>
    public const int SourceFixedBits = 32;

    /// <summary>An entry: index of the first target 4, number of targets 4, flags 4, counter of the first rule's input 4.</summary>
    public const int EntryBytes = 16;

    /// <summary>Index of the first target.</summary>
    public const int EntryFirst = 0;

    /// <summary>Number of targets.</summary>
    public const int EntryCount = 4;

    /// <summary>Flags of an entry.</summary>
    public const int EntryFlags = 8;

    /// <summary>Counter of the first rule's input.</summary>
    public const int EntryInput = 12;

    /// <summary>Flag of an entry: there are entries with a source for the same destination, to be looked for first.</summary>
    public const int EntryHasSources = 1;

    /// <summary>Flag of an entry without targets: a worker takes these packets from a ring, the IP stack needs not see them.</summary>
    public const int EntryIsDropped = 2;

    /// <summary>A target.</summary>
    public const int TargetBytes = 136;

    /// <summary>Destination and source of the Ethernet header, 12 bytes.</summary>
    public const int TargetLink = 0;

    /// <summary>Index of the interface, 4 bytes.</summary>
    public const int TargetInterface = 12;

    /// <summary>Flags, 4 bytes.</summary>
    public const int TargetFlags = 16;

    /// <summary>MTU, 4 bytes.</summary>
    public const int TargetMtu = 20;

    /// <summary>Index of the output's counters, 4 bytes.</summary>
    public const int TargetCounter = 24;

    /// <summary>Index of the counters of the rule's input, 4 bytes.</summary>
    public const int TargetInput = 28;

    /// <summary>The rule's id, 4 bytes.</summary>
    public const int TargetRule = 32;

    /// <summary>Index of the output in its rule, 4 bytes.</summary>
    public const int TargetOutput = 36;

    /// <summary>Bits of the ports that are kept, 4 bytes: source and destination port.</summary>
    public const int TargetPortMask = 40;

    /// <summary>Bits of the ports that are set, 4 bytes.</summary>
    public const int TargetPortValue = 44;

    /// <summary>Bits of the traffic class that are kept, 1 byte.</summary>
    public const int TargetClassMask = 48;

    /// <summary>Bits of the traffic class that are set, 1 byte.</summary>
    public const int TargetClassValue = 49;

    /// <summary>The TTL, when one is set, 1 byte.</summary>
    public const int TargetTtl = 50;

    /// <summary>Bits of the destination that are kept, 8 bytes: all or none, for each half.</summary>
    public const int TargetDestinationMask = 56;

    /// <summary>Bits of the source that are kept, 8 bytes: all or none, for each half.</summary>
    public const int TargetSourceMask = 64;

    /// <summary>The destination, 16 bytes, IPv4 in the first 4; zero when kept.</summary>
    public const int TargetDestination = 72;

    /// <summary>The source, 16 bytes, likewise.</summary>
    public const int TargetSource = 88;

    /// <summary>Nanoseconds a packet costs of the rate limit, 8 bytes.</summary>
    public const int TargetPacketCost = 104;

    /// <summary>What a byte costs of the limit in bits, in 1/65536 ns, 8 bytes.</summary>
    public const int TargetByteCost = 112;

    /// <summary>How far the payments for packets may lie behind now, in nanoseconds: the depth of a token bucket. 8 bytes.</summary>
    public const int TargetPacketBurst = 120;

    /// <summary>The same for bytes.</summary>
    public const int TargetByteBurst = 128;

    /// <summary>Flag of a target: the first one of its rule in the entry.</summary>
    public const int FlagFirst = 1;

    /// <summary>Flag of a target: only allowed sources may send.</summary>
    public const int FlagCheckSource = 2;

    /// <summary>Flag of a target: paused.</summary>
    public const int FlagPaused = 4;

    /// <summary>Flag of a target: the TTL is set, not counted down.</summary>
    public const int FlagSetTtl = 8;

    /// <summary>Flag of a target: the link-layer destination is made from the packet's group.</summary>
    public const int FlagGroupLink = 16;

    /// <summary>Flag of a target: it has a rate limit.</summary>
    public const int FlagRate = 32;

    /// <summary>Counters of one point, on each CPU: packets 8, bytes 8, last seen 8.</summary>
    public const int CounterBytes = 24;

    /// <summary>Drops of one point, by <see cref="RelayDrop"/>, 8 bytes each.</summary>
    public const int DropBytes = RelayDrops.Count * sizeof(long);

    /// <summary>State of a target's rate limit: when the packets and when the bytes sent so far are paid for, 8 bytes each, by the monotonic clock.</summary>
    public const int RateBytes = 16;

    /// <summary>What says whose maps these are: version 4, hash of the programs 12.</summary>
    public const int MetaBytes = 16;
}
