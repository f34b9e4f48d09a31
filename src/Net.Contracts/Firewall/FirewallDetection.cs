namespace Net.Contracts;

/// <summary>Plain thresholds beyond which the engine tells of a source by an event, and bans it for a time where a list is named. 0 turns one off.</summary>
public sealed record FirewallDetection
{
    /// <summary>Whether anything is looked for.</summary>
    public bool Enabled { get; set; }

    /// <summary>The time the thresholds count in, 5 s to 1 h.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Ports of this host one source tried in the window and was refused: a scan.</summary>
    public int ScanPorts { get; set; } = 15;

    /// <summary>New connections of one source to one of <see cref="LoginPort"/> in the window: guessing of passwords.</summary>
    public int LoginAttempts { get; set; } = 10;

    /// <summary>Ports where people log in.</summary>
    public PortRange[] LoginPort { get; set; } = [new(22), new(3389), new(5900)];

    /// <summary>New connections of one source in the window: a flood.</summary>
    public int FloodConnections { get; set; } = 3000;

    /// <summary>The dynamic address list a source is put into; null for none.</summary>
    public string? BanList { get; set; }

    /// <summary>How long it stays there.</summary>
    public TimeSpan BanTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Sources that are never banned.</summary>
    public AddressRange[] NeverBan { get; set; } = [];
}
