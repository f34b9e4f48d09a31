namespace Net.Contracts;

/// <summary>A connection the kernel tracks.</summary>
public sealed record FirewallConnection
{
    /// <summary>The kernel's number of the connection.</summary>
    public long Id { get; set; }

    /// <summary>The protocol; any for one that has no name here.</summary>
    public IpProtocol Protocol { get; set; }

    /// <summary>The state: of TCP and SCTP in the kernel's words (established, timeWait), of other protocols unreplied, replied, or assured; null where an event does not say it.</summary>
    public string? State { get; set; }

    /// <summary>Who began it.</summary>
    public required string SourceAddress { get; init; }

    /// <summary>Its port; null where the protocol has none.</summary>
    public int? SourcePort { get; set; }

    /// <summary>Whom it called.</summary>
    public required string DestinationAddress { get; init; }

    /// <summary>The port it called; null where the protocol has none.</summary>
    public int? DestinationPort { get; set; }

    /// <summary>Who answers, where the destination was translated; else null.</summary>
    public string? TranslatedDestination { get; set; }

    /// <summary>To whom answers go, where the source was translated; else null.</summary>
    public string? TranslatedSource { get; set; }

    /// <summary>Whether packets went both ways.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The mark, 0 for none.</summary>
    public long Mark { get; set; }

    /// <summary>How long the kernel remembers it without another packet.</summary>
    public TimeSpan ExpiresIn { get; set; }

    /// <summary>Packets from the source; null when accounting is off.</summary>
    public long? SentPackets { get; set; }

    /// <summary>Bytes from the source; null when accounting is off.</summary>
    public long? SentBytes { get; set; }

    /// <summary>Packets to the source; null when accounting is off.</summary>
    public long? ReceivedPackets { get; set; }

    /// <summary>Bytes to the source; null when accounting is off.</summary>
    public long? ReceivedBytes { get; set; }
}
