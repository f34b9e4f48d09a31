namespace Net.Contracts;

/// <summary>The firewall as a whole.</summary>
public sealed record FirewallStatistic
{
    /// <summary>Rules in force.</summary>
    public int Rules { get; set; }

    /// <summary>Connections tracked now.</summary>
    public int Connections { get; set; }

    /// <summary>Connections the kernel tracks at most.</summary>
    public int MaxConnections { get; set; }

    /// <summary>Connections by protocol and state.</summary>
    public FirewallStateCount[] States { get; set; } = [];

    /// <summary>Packets dropped because the table was full or a connection could not be entered.</summary>
    public long TableDrops { get; set; }

    /// <summary>Packets that fitted no connection.</summary>
    public long InvalidPackets { get; set; }

    /// <summary>Which other hosts send and receive most, by bytes of the connections that stand now; null when accounting is off.</summary>
    public FirewallTalker[]? TopTalkers { get; set; }

    /// <summary>Log lines lost since the engine started, because nobody took them in time.</summary>
    public long LogsLost { get; set; }

    /// <summary>Why something in it is missing, or null.</summary>
    public string? Reason { get; set; }
}

/// <summary>Connections of one protocol in one state.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="State">The state, as in <see cref="FirewallConnection.State"/>.</param>
/// <param name="Count">How many.</param>
public sealed record FirewallStateCount(IpProtocol Protocol, string? State, int Count);

/// <summary>A host and what its connections carried.</summary>
/// <param name="Address">The host.</param>
/// <param name="Connections">Its connections.</param>
/// <param name="Bytes">Bytes both ways.</param>
public sealed record FirewallTalker(string Address, int Connections, long Bytes);
