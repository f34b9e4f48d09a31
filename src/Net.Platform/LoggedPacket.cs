namespace Net.Platform;

/// <summary>A packet a rule logged (nftables "log group").</summary>
public sealed record LoggedPacket
{
    /// <summary>When the packet was received by the kernel, or, for one that carries no time, when it was read from the log.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Text the rule gave; empty when it gave none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Where in the packet's way the rule stands.</summary>
    public FirewallHook Hook { get; init; }

    /// <summary>Family the packet was seen in; a table of family inet logs as ip or ip6.</summary>
    public FirewallFamily Family { get; init; }

    /// <summary>Packet mark; 0 when none was set.</summary>
    public uint Mark { get; init; }

    /// <summary>Index of the interface it came in by; null when it came from this host.</summary>
    public int? InputInterface { get; init; }

    /// <summary>Index of the interface it leaves by; null when that is not known at this hook.</summary>
    public int? OutputInterface { get; init; }

    /// <summary>Index of the bridge port it came in by; null when it came by none.</summary>
    public int? PhysicalInputInterface { get; init; }

    /// <summary>Index of the bridge port it leaves by; null when it leaves by none.</summary>
    public int? PhysicalOutputInterface { get; init; }

    /// <summary>Hardware address of the sender, at most 8 bytes; empty when there is none.</summary>
    public ReadOnlyMemory<byte> HardwareAddress { get; init; }

    /// <summary>User whose socket sent it; null when unknown.</summary>
    public uint? UserId { get; init; }

    /// <summary>Group of the process whose socket sent it; null when unknown.</summary>
    public uint? GroupId { get; init; }

    /// <summary>The packet from its IP header on, at most as many bytes as asked for.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Addresses and ports read from the payload; null when it is no IP packet or cut before its addresses.</summary>
    public PacketTuple? Packet { get; init; }
}
