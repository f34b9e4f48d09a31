namespace Net.Contracts;

/// <summary>A record of the audit log: a connection that ended, or a decision against one.</summary>
public sealed record OverlayAuditRecord
{
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>The overlay.</summary>
    public required string Overlay { get; init; }

    /// <summary><c>connection</c> or <c>decision</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The peer that opened the connection.</summary>
    public string? SourceNode { get; set; }

    /// <summary>The peer that was reached.</summary>
    public string? DestinationNode { get; set; }

    /// <summary>Source address.</summary>
    public string? SourceAddress { get; set; }

    /// <summary>Source port, or null.</summary>
    public int? SourcePort { get; set; }

    /// <summary>Destination address.</summary>
    public string? DestinationAddress { get; set; }

    /// <summary>Destination port, or null.</summary>
    public int? DestinationPort { get; set; }

    /// <summary>The protocol's name or number.</summary>
    public string? Protocol { get; set; }

    /// <summary>What was decided.</summary>
    public OverlayAction Action { get; set; }

    /// <summary>The rule that decided; null for the default.</summary>
    public string? Rule { get; set; }

    /// <summary>Bytes from the opener.</summary>
    public long SentBytes { get; set; }

    /// <summary>Bytes to the opener.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>How long the connection was; null for a decision.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Equal decisions this record stands for.</summary>
    public long Count { get; set; } = 1;
}
