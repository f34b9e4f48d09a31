namespace Net.Contracts;

/// <content>The multicast relay.</content>
public static partial class EngineApi
{
    /// <summary>Rules.</summary>
    public static readonly ApiMethod<ListRelayRules, RelayRule[]> RelayListRules =
        new("relay.listRules", EngineRole.Reader, "Lists rules of the relay with state, engine and counters.", static () => Json.ListRelayRules, static () => Json.RelayRuleArray);

    /// <summary>Adds rules.</summary>
    public static readonly ApiMethod<CreateRelayRules, RelayRulesChanged> RelayCreateRules =
        new("relay.createRules", EngineRole.Operator, "Adds rules of the relay, all or none.", static () => Json.CreateRelayRules, static () => Json.RelayRulesChanged);

    /// <summary>Replaces rules.</summary>
    public static readonly ApiMethod<SetRelayRules, RelayRulesChanged> RelaySetRules =
        new("relay.setRules", EngineRole.Operator, "Replaces rules of the relay, all or none; ids and counters stay.", static () => Json.SetRelayRules, static () => Json.RelayRulesChanged);

    /// <summary>Removes rules.</summary>
    public static readonly ApiMethod<RemoveRelayRules, RelayRulesChanged> RelayRemoveRules =
        new("relay.removeRules", EngineRole.Operator, "Removes rules of the relay, all or none.", static () => Json.RemoveRelayRules, static () => Json.RelayRulesChanged);

    /// <summary>What holds for all rules.</summary>
    public static readonly ApiMethod<GetRelaySettings, RelaySettings> RelayGetSettings =
        new("relay.getSettings", EngineRole.Reader, "Gives what holds for all rules of the relay, with the state of its queriers.", static () => Json.GetRelaySettings, static () => Json.RelaySettings);

    /// <summary>Replaces what holds for all rules.</summary>
    public static readonly ApiMethod<SetRelaySettings, RelaySettingsChanged> RelaySetSettings =
        new("relay.setSettings", EngineRole.Operator, "Replaces what holds for all rules of the relay.", static () => Json.SetRelaySettings, static () => Json.RelaySettingsChanged);

    /// <summary>Counters.</summary>
    public static readonly ApiMethod<ListRelayStatistics, RelayStatistic[]> RelayListStatistics =
        new("relay.listStatistics", EngineRole.Reader, "Gives counters and rates per rule and output.", static () => Json.ListRelayStatistics, static () => Json.RelayStatisticArray);

    /// <summary>Counters as they change.</summary>
    public static readonly ApiStream<WatchRelayStatistics, RelayStatistic> RelayWatchStatistics =
        new("relay.watchStatistics", EngineRole.Reader, "Streams counters and rates of every rule, then of those that changed.", static () => Json.WatchRelayStatistics, static () => Json.RelayStatistic);

    /// <summary>Begins counters anew.</summary>
    public static readonly ApiMethod<ResetRelayStatistics, RelayStatistic[]> RelayResetStatistics =
        new("relay.resetStatistics", EngineRole.Operator, "Begins the counters of rules anew.", static () => Json.ResetRelayStatistics, static () => Json.RelayStatisticArray);

    /// <summary>Groups.</summary>
    public static readonly ApiMethod<ListMulticastGroups, MulticastGroup[]> RelayListGroups =
        new("relay.listGroups", EngineRole.Reader, "Lists groups this host joined, and groups receivers on its links asked for.", static () => Json.ListMulticastGroups, static () => Json.MulticastGroupArray);

    /// <summary>Workers.</summary>
    public static readonly ApiMethod<ListRelayWorkers, RelayWorker[]> RelayListWorkers =
        new("relay.listWorkers", EngineRole.Reader, "Lists worker processes of the relay with state and health.", static () => Json.ListRelayWorkers, static () => Json.RelayWorkerArray);

    /// <summary>Sets a worker's log level.</summary>
    public static readonly ApiMethod<SetRelayWorkerLogLevel, Done> RelaySetWorkerLogLevel =
        new("relay.setWorkerLogLevel", EngineRole.Admin, "Sets how much workers of the relay write to the engine's log.", static () => Json.SetRelayWorkerLogLevel, static () => Json.Done);

    /// <summary>Packets of a rule.</summary>
    public static readonly ApiStream<TraceRelayRule, RelayTracedPacket> RelayTrace =
        new("relay.trace", EngineRole.Operator, "Streams packets of one rule as they come in, bounded in number and time.", static () => Json.TraceRelayRule, static () => Json.RelayTracedPacket);

    /// <summary>Measures with test traffic.</summary>
    public static readonly ApiStream<MeasureRelayPath, RelayMeasurement> RelayMeasure =
        new("relay.measure", EngineRole.Operator, "Sends test traffic by one interface, receives it on others, and streams loss, order and latency.", static () => Json.MeasureRelayPath, static () => Json.RelayMeasurement);

    private static readonly ApiMethod[] RelayMethods =
    [
        RelayListRules, RelayCreateRules, RelaySetRules, RelayRemoveRules, RelayGetSettings, RelaySetSettings,
        RelayListStatistics, RelayWatchStatistics, RelayResetStatistics, RelayListGroups, RelayListWorkers,
        RelaySetWorkerLogLevel, RelayTrace, RelayMeasure,
    ];
}
