namespace Net.Contracts;

/// <summary>A step of a real packet through the kernel's firewall.</summary>
public sealed record NetFlowTraceEvent
{
    /// <summary>The kernel's number of the packet's trace.</summary>
    public long Packet { get; set; }

    /// <summary>When it was told.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>Family and table, such as <c>inet netmod</c>.</summary>
    public required string Table { get; init; }

    /// <summary>The chain.</summary>
    public required string Chain { get; init; }

    /// <summary>What happened: rule, policy, return; or lost, when steps before this place were not told because they came too fast.</summary>
    public required string Kind { get; init; }

    /// <summary>The verdict in the kernel's words: accept, drop, continue, jump in_3.</summary>
    public required string Verdict { get; init; }

    /// <summary>Our rule by name, where it is one.</summary>
    public string? Rule { get; set; }

    /// <summary>Its id, where it is ours.</summary>
    public long? RuleId { get; set; }

    /// <summary>The packet, in a line: addresses, ports, protocol, interfaces; told once a packet.</summary>
    public string? Summary { get; set; }
}
