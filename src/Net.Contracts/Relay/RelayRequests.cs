namespace Net.Contracts;

/// <summary>Asks for rules of the relay.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
/// <param name="Counters">Whether to read the counters as well.</param>
public sealed record ListRelayRules(string[]? Names = null, bool Counters = true);

/// <summary>Adds rules, all or none.</summary>
/// <param name="Rules">The rules; ids, states and counters in them are not looked at.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record CreateRelayRules(RelayRule[] Rules, ChangeOptions? Change = null);

/// <summary>Replaces rules, all or none. Each is found by its id, or by its name where the id is 0. Id and counters stay.</summary>
/// <param name="Rules">The rules as they shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetRelayRules(RelayRule[] Rules, ChangeOptions? Change = null);

/// <summary>Removes rules, all or none.</summary>
/// <param name="Names">Exact names, without regard to case.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemoveRelayRules(string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of rules.</summary>
/// <param name="Rules">The rules as they stand now (created, changed) or stood (removed).</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record RelayRulesChanged(RelayRule[] Rules, ChangeOutcome Outcome);

/// <summary>Asks for what holds for all rules.</summary>
public sealed record GetRelaySettings;

/// <summary>Replaces what holds for all rules.</summary>
/// <param name="Settings">The settings as they shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetRelaySettings(RelaySettings Settings, ChangeOptions? Change = null);

/// <summary>What became of a change of settings.</summary>
/// <param name="Settings">The settings as they stand now.</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record RelaySettingsChanged(RelaySettings Settings, ChangeOutcome Outcome);

/// <summary>Asks for counters of rules.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListRelayStatistics(string[]? Names = null);

/// <summary>Asks for counters of rules at once and then again and again: every rule at first, then those that changed.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
/// <param name="Interval">How often, 250 ms to 1 h; null for one second.</param>
public sealed record WatchRelayStatistics(string[]? Names = null, TimeSpan? Interval = null);

/// <summary>Begins the counters of rules anew.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ResetRelayStatistics(string[]? Names = null);

/// <summary>Asks for groups this host joined, and groups receivers on its links asked for.</summary>
/// <param name="Interfaces">Interfaces, with <c>*</c> and <c>?</c>; null or empty means all.</param>
/// <param name="Role">Only those of this role; null for both.</param>
public sealed record ListMulticastGroups(string[]? Interfaces = null, MulticastGroupRole? Role = null);

/// <summary>Asks for the worker processes.</summary>
public sealed record ListRelayWorkers;

/// <summary>Sets how much workers write to the engine's log, until the engine stops.</summary>
/// <param name="Worker">The worker's index; null for all.</param>
/// <param name="Level">The level; null goes back to the default.</param>
public sealed record SetRelayWorkerLogLevel(int? Worker = null, EngineLogLevel? Level = null);

/// <summary>Asks for packets of a rule as they come in. Costs nothing before and after.</summary>
/// <param name="Rule">The rule's exact name.</param>
/// <param name="MaxPackets">After how many packets it ends, 1 to 100,000.</param>
/// <param name="Duration">After what time it ends, 100 ms to 10 min; null for 10 s.</param>
/// <param name="SnapLength">How many bytes of each packet come with it, from the IP header on, 0 to 9216.</param>
public sealed record TraceRelayRule(string Rule, int MaxPackets = 100, TimeSpan? Duration = null, int SnapLength = 128);

/// <summary>Sends test traffic out of one interface, receives it on others, and tells loss, order and latency. The way in between may be this host's own relay
/// over a loop of cables, or another's.</summary>
public sealed record MeasureRelayPath
{
    /// <summary>The interface to send by.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>Interfaces to receive on, 1 to 16.</summary>
    public required string[] ReceiveOn { get; init; }

    /// <summary>A rule to take destination and port of, and of its outputs those to receive at; null with <see cref="Destination"/>.</summary>
    public string? Rule { get; set; }

    /// <summary>The address to send to; null takes the rule's.</summary>
    public string? Destination { get; set; }

    /// <summary>The port to send to, 1 to 65535; null takes the rule's.</summary>
    public int? Port { get; set; }

    /// <summary>The group or address to receive at; null takes the rule's outputs, or without a rule <see cref="Destination"/>.</summary>
    public string? ReceiveDestination { get; set; }

    /// <summary>The port to receive at, 1 to 65535; null takes the rule's outputs, or without a rule <see cref="Port"/>.</summary>
    public int? ReceivePort { get; set; }

    /// <summary>Bytes of payload of each packet, 32 to 8972.</summary>
    public int PayloadBytes { get; set; } = 64;

    /// <summary>Packets per second, all streams together, above 0 to 10,000,000.</summary>
    public double PacketsPerSecond { get; set; } = 1000;

    /// <summary>How long to send, 100 ms to 1 h; null for 5 s.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Streams with sequence numbers of their own, from source ports of their own, 1 to 1000.</summary>
    public int Streams { get; set; } = 1;

    /// <summary>The TTL packets are sent with, 1 to 255.</summary>
    public int Ttl { get; set; } = 8;
}
