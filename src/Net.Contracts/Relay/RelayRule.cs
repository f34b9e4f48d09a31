namespace Net.Contracts;

/// <summary>A rule of the multicast relay: what is received where, and what leaves as what. Members from <see cref="State"/> on are what is so now;
/// they are null in a document and not looked at in a request.</summary>
public sealed record RelayRule
{
    /// <summary>The stable number the engine gave the rule; 0 until it has one. It says nothing about the rule's content: Set-, a rename, Enable- and
    /// Disable-, and a restart of the engine or a worker keep it and the counters that belong to it. It is never used again: a rule that is removed and made
    /// anew has another id, and counters from 0.</summary>
    public long Id { get; set; }

    /// <summary>The name, unique without regard to case, 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What the rule is for, in the user's words, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the rule takes part.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The interface packets come in by, or a pattern with <c>*</c> and <c>?</c> that may match several. An interface that does not exist yet is waited for.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>The destination of packets to relay: a group (<c>239.1.1.1</c>), a prefix of groups (<c>239.1.0.0/16</c>), or a unicast address of this
    /// host. A range written with a dash is refused. Exact groups are joined (IGMP, MLD); a prefix is not, for no host can join one.</summary>
    public required AddressRange Group { get; init; }

    /// <summary>The source of packets to relay, an address or a prefix: (S,G), joined as such where it is one address and the group is exact; null for any source, (*,G).</summary>
    public AddressRange? Source { get; set; }

    /// <summary>The destination port, or an inclusive range of ports, 1 to 65535. Needed for <see cref="RelayRuleProtocol.Udp"/>; null for <see cref="RelayRuleProtocol.Esp"/>, which has none.</summary>
    public PortRange? Port { get; set; }

    /// <summary>The protocol above IP.</summary>
    public RelayRuleProtocol Protocol { get; set; }

    /// <summary>Who may inject: packets of other source addresses are dropped and counted under <see cref="RelayDrops.Source"/>. Addresses and prefixes, at most 64; empty lets anybody.</summary>
    public AddressRange[] AllowedSources { get; set; } = [];

    /// <summary>Where packets leave, 1 to 64 outputs. Counters belong to the place in this list.</summary>
    public RelayOutput[] Outputs { get; set; } = [];

    /// <summary>What moves the packets. A rule that asks for one engine is refused when it cannot do what the rule needs.</summary>
    public RelayEngine Engine { get; set; }

    /// <summary>Whether loss is counted from sequence numbers in the payload: RTP (RFC 3550), MPEG-TS continuity counters (ISO/IEC 13818-1), or this product's
    /// generator. Needs an engine in user space (Packet or Socket).</summary>
    public bool AnalyzeSequence { get; set; }

    /// <summary>What to do where two sources send the same stream.</summary>
    public RelayDuplicates Duplicates { get; set; }

    /// <summary>The source address that is relayed while it sends, with <see cref="RelayDuplicates.Standby"/>; null for the one that was seen first.</summary>
    public string? PreferredSource { get; set; }

    /// <summary>Silence of the source in use after which another takes over, 10 ms to 1 min, with <see cref="RelayDuplicates.Standby"/>; null for 500 ms.</summary>
    public TimeSpan? StandbyAfter { get; set; }

    /// <summary>What the rule does now; null in a document.</summary>
    public RelayRuleState? State { get; set; }

    /// <summary>Why the state is what it is, in one sentence; null in a document.</summary>
    public string? Reason { get; set; }

    /// <summary>The engine that moves its packets; null while none does.</summary>
    public RelayEngine? EngineInUse { get; set; }

    /// <summary>Why that engine and no other, in one sentence; null in a document.</summary>
    public string? EngineReason { get; set; }

    /// <summary>The index of the worker that has the rule; null where the kernel has it, or several workers share it (a prefix or a range of ports).</summary>
    public int? Worker { get; set; }

    /// <summary>Packets that matched since the counters began; null in a document.</summary>
    public long? Packets { get; set; }

    /// <summary>Bytes of these packets from the IP header on; null in a document.</summary>
    public long? Bytes { get; set; }

    /// <summary>Matching packets per second, over the last second; null in a document.</summary>
    public double? PacketsPerSecond { get; set; }

    /// <summary>Matching bits per second, over the last second; null in a document.</summary>
    public double? BitsPerSecond { get; set; }

    /// <summary>When the last packet matched; null before the first.</summary>
    public DateTimeOffset? LastSeen { get; set; }
}
