namespace Net.Workers.Overlay;

/// <summary>A record of the audit log.</summary>
public sealed record FlowRecord
{
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>Whether it is a connection that ended; else a decision.</summary>
    public bool IsConnection { get; set; }

    /// <summary>The peer that opened it; -1 for this node.</summary>
    public int FromPeer { get; set; }

    /// <summary>The peer that was reached; -1 for this node.</summary>
    public int ToPeer { get; set; }

    /// <summary>Source address.</summary>
    public required string Source { get; init; }

    /// <summary>Destination address.</summary>
    public required string Destination { get; init; }

    /// <summary>Source port; 0 without.</summary>
    public int SourcePort { get; set; }

    /// <summary>Destination port; 0 without.</summary>
    public int DestinationPort { get; set; }

    /// <summary>The protocol's number.</summary>
    public int Protocol { get; set; }

    /// <summary>Whether it was allowed.</summary>
    public bool Allowed { get; set; }

    /// <summary>The rule, by its place in the model; -1 for the default.</summary>
    public int Rule { get; set; }

    /// <summary>Bytes from the opener.</summary>
    public long SentBytes { get; set; }

    /// <summary>Bytes to the opener.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>How long it was.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Equal decisions this record stands for.</summary>
    public long Count { get; set; } = 1;
}
