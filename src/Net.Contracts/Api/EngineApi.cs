using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>Every method of the engine's API, in one place. Within one major version methods and members are only ever added.</summary>
public static partial class EngineApi
{
    /// <summary>The protocol's version, <c>major.minor</c>.</summary>
    public const string ProtocolVersion = "1.0";

    private static readonly ContractsJsonContext Json = ContractsJsonContext.Wire;

    /// <summary>The first call of every connection.</summary>
    public static readonly ApiMethod<Hello, HelloReply> EngineHello =
        new("engine.hello", EngineRole.None, "Agrees on the protocol version and tells the caller's role.", static () => Json.Hello, static () => Json.HelloReply);

    /// <summary>What the engine is and does.</summary>
    public static readonly ApiMethod<GetStatus, EngineStatus> EngineStatus =
        new("engine.status", EngineRole.Reader, "Tells what the engine is and does.", static () => Json.GetStatus, static () => Json.EngineStatus);

    /// <summary>Sets a log level.</summary>
    public static readonly ApiMethod<SetLogLevel, Done> EngineSetLogLevel =
        new("engine.setLogLevel", EngineRole.Admin, "Sets the log level of an area until the engine stops.", static () => Json.SetLogLevel, static () => Json.Done);

    /// <summary>Stops the engine.</summary>
    public static readonly ApiMethod<StopEngine, Done> EngineStop =
        new("engine.stop", EngineRole.Admin, "Ends running calls and stops; rules and routes stay in force.", static () => Json.StopEngine, static () => Json.Done);

    /// <summary>The schema of this API.</summary>
    public static readonly ApiMethod<GetApiSchema, TextReply> EngineSchema =
        new("engine.schema", EngineRole.Reader, "Gives the JSON schema of every method and record.", static () => Json.GetApiSchema, static () => Json.TextReply);

    /// <summary>Events that happened.</summary>
    public static readonly ApiMethod<ListEvents, EngineEvent[]> EventsList =
        new("events.list", EngineRole.Reader, "Lists the events that are kept, oldest first.", static () => Json.ListEvents, static () => Json.EngineEventArray);

    /// <summary>Events as they happen.</summary>
    public static readonly ApiStream<WatchEvents, EngineEvent> EventsWatch =
        new("events.watch", EngineRole.Reader, "Streams events as they happen.", static () => Json.WatchEvents, static () => Json.EngineEvent);

    /// <summary>The configuration.</summary>
    public static readonly ApiMethod<GetConfiguration, ConfigurationSnapshot> ConfigurationGet =
        new("configuration.get", EngineRole.Reader, "Gives the configuration in force, or a kept generation.", static () => Json.GetConfiguration, static () => Json.ConfigurationSnapshot);

    /// <summary>Replaces the configuration.</summary>
    public static readonly ApiMethod<ApplyConfiguration, ChangeOutcome> ConfigurationApply =
        new("configuration.apply", EngineRole.Operator, "Replaces the whole document in one transaction.", static () => Json.ApplyConfiguration, static () => Json.ChangeOutcome);

    /// <summary>Confirms a change.</summary>
    public static readonly ApiMethod<ConfirmConfiguration, GenerationInfo> ConfigurationConfirm =
        new("configuration.confirm", EngineRole.Operator, "Keeps a change that waits for its confirmation.", static () => Json.ConfirmConfiguration, static () => Json.GenerationInfo);

    /// <summary>Goes back.</summary>
    public static readonly ApiMethod<RestoreConfiguration, ChangeOutcome> ConfigurationRestore =
        new("configuration.restore", EngineRole.Operator, "Goes back to a kept generation, or takes back the change that waits.", static () => Json.RestoreConfiguration, static () => Json.ChangeOutcome);

    /// <summary>Compares generations.</summary>
    public static readonly ApiMethod<CompareConfiguration, ConfigurationPlan> ConfigurationCompare =
        new("configuration.compare", EngineRole.Reader, "Tells the difference between two generations.", static () => Json.CompareConfiguration, static () => Json.ConfigurationPlan);

    /// <summary>Kept generations.</summary>
    public static readonly ApiMethod<ListGenerations, GenerationInfo[]> ConfigurationGenerations =
        new("configuration.generations", EngineRole.Reader, "Lists the kept generations, newest first.", static () => Json.ListGenerations, static () => Json.GenerationInfoArray);

    /// <summary>The configuration as text.</summary>
    public static readonly ApiMethod<ExportConfiguration, ConfigurationText> ConfigurationExport =
        new("configuration.export", EngineRole.Reader, "Writes a configuration as JSON or YAML.", static () => Json.ExportConfiguration, static () => Json.ConfigurationText);

    /// <summary>A configuration from text.</summary>
    public static readonly ApiMethod<ImportConfiguration, ChangeOutcome> ConfigurationImport =
        new("configuration.import", EngineRole.Operator, "Replaces the document by one read from JSON or YAML.", static () => Json.ImportConfiguration, static () => Json.ChangeOutcome);

    /// <summary>Checks a document.</summary>
    public static readonly ApiMethod<TestConfiguration, ConfigurationTestResult> ConfigurationTest =
        new("configuration.test", EngineRole.Reader, "Checks a document and tells what applying it would change.", static () => Json.TestConfiguration, static () => Json.ConfigurationTestResult);

    /// <summary>Makes a backup.</summary>
    public static readonly ApiMethod<CreateBackup, BackupArchive> ConfigurationBackup =
        new("configuration.backup", EngineRole.Admin, "Makes an encrypted archive of document and secrets.", static () => Json.CreateBackup, static () => Json.BackupArchive);

    /// <summary>Restores a backup.</summary>
    public static readonly ApiMethod<RestoreBackup, ChangeOutcome> ConfigurationRestoreBackup =
        new("configuration.restoreBackup", EngineRole.Admin, "Restores document and secrets from an archive.", static () => Json.RestoreBackup, static () => Json.ChangeOutcome);

    /// <summary>Stores a secret.</summary>
    public static readonly ApiMethod<SetSecret, Done> SecretsSet =
        new("secrets.set", EngineRole.Admin, "Stores a secret, or replaces it.", static () => Json.SetSecret, static () => Json.Done);

    /// <summary>Stored secrets.</summary>
    public static readonly ApiMethod<ListSecrets, SecretInfo[]> SecretsList =
        new("secrets.list", EngineRole.Operator, "Lists stored secrets without their values.", static () => Json.ListSecrets, static () => Json.SecretInfoArray);

    /// <summary>Removes a secret.</summary>
    public static readonly ApiMethod<RemoveSecret, Done> SecretsRemove =
        new("secrets.remove", EngineRole.Admin, "Removes a secret that nothing refers to.", static () => Json.RemoveSecret, static () => Json.Done);

    /// <summary>Firewall rules.</summary>
    public static readonly ApiMethod<ListFirewallRules, FirewallRule[]> FirewallListRules =
        new("firewall.listRules", EngineRole.Reader, "Lists firewall rules in their order, with counters.", static () => Json.ListFirewallRules, static () => Json.FirewallRuleArray);

    /// <summary>Adds firewall rules.</summary>
    public static readonly ApiMethod<CreateFirewallRules, FirewallRulesChanged> FirewallCreateRules =
        new("firewall.createRules", EngineRole.Operator, "Adds firewall rules, all or none.", static () => Json.CreateFirewallRules, static () => Json.FirewallRulesChanged);

    /// <summary>Replaces firewall rules.</summary>
    public static readonly ApiMethod<SetFirewallRules, FirewallRulesChanged> FirewallSetRules =
        new("firewall.setRules", EngineRole.Operator, "Replaces firewall rules, all or none.", static () => Json.SetFirewallRules, static () => Json.FirewallRulesChanged);

    /// <summary>Removes firewall rules.</summary>
    public static readonly ApiMethod<RemoveFirewallRules, FirewallRulesChanged> FirewallRemoveRules =
        new("firewall.removeRules", EngineRole.Operator, "Removes firewall rules, all or none.", static () => Json.RemoveFirewallRules, static () => Json.FirewallRulesChanged);

    /// <summary>Paths.</summary>
    public static readonly ApiMethod<ListPaths, NetPath[]> PathsList =
        new("paths.list", EngineRole.Reader, "Lists paths with what is measured of them.", static () => Json.ListPaths, static () => Json.NetPathArray);

    /// <summary>Paths as they change.</summary>
    public static readonly ApiStream<WatchPaths, PathChange> PathsWatch =
        new("paths.watch", EngineRole.Reader, "Streams paths now and as they change.", static () => Json.WatchPaths, static () => Json.PathChange);

    /// <summary>Measures paths.</summary>
    public static readonly ApiStream<MeasurePaths, PathMeasurement> PathsMeasure =
        new("paths.measure", EngineRole.Reader, "Measures paths by ICMP echo, one item per path as it ends.", static () => Json.MeasurePaths, static () => Json.PathMeasurement);

    /// <summary>Routes.</summary>
    public static readonly ApiMethod<ListPathRoutes, NetPathRoute[]> PathsListRoutes =
        new("paths.listRoutes", EngineRole.Reader, "Lists the routes of the configuration with their state.", static () => Json.ListPathRoutes, static () => Json.NetPathRouteArray);

    /// <summary>Adds routes.</summary>
    public static readonly ApiMethod<CreatePathRoutes, PathRoutesChanged> PathsCreateRoutes =
        new("paths.createRoutes", EngineRole.Operator, "Adds routes, all or none.", static () => Json.CreatePathRoutes, static () => Json.PathRoutesChanged);

    /// <summary>Replaces routes.</summary>
    public static readonly ApiMethod<SetPathRoutes, PathRoutesChanged> PathsSetRoutes =
        new("paths.setRoutes", EngineRole.Operator, "Replaces routes, all or none.", static () => Json.SetPathRoutes, static () => Json.PathRoutesChanged);

    /// <summary>Removes routes.</summary>
    public static readonly ApiMethod<RemovePathRoutes, PathRoutesChanged> PathsRemoveRoutes =
        new("paths.removeRoutes", EngineRole.Operator, "Removes routes, all or none.", static () => Json.RemovePathRoutes, static () => Json.PathRoutesChanged);

    /// <summary>All of them, in the order of their names.</summary>
    public static IReadOnlyList<ApiMethod> All => Everything.Methods;

    // A class of its own, initialised after every field of all parts of this one.
    private static class Everything
    {
        internal static readonly ApiMethod[] Methods = Sorted(
        [
            EngineHello, EngineStatus, EngineSetLogLevel, EngineStop, EngineSchema, EventsList, EventsWatch,
            ConfigurationGet, ConfigurationApply, ConfigurationConfirm, ConfigurationRestore, ConfigurationCompare, ConfigurationGenerations,
            ConfigurationExport, ConfigurationImport, ConfigurationTest, ConfigurationBackup, ConfigurationRestoreBackup,
            SecretsSet, SecretsList, SecretsRemove,
            FirewallListRules, FirewallCreateRules, FirewallSetRules, FirewallRemoveRules,
            PathsList, PathsWatch, PathsMeasure, PathsListRoutes, PathsCreateRoutes, PathsSetRoutes, PathsRemoveRoutes,
            .. FirewallMethods, .. OverlayMethods, .. RelayMethods,
        ]);

        private static ApiMethod[] Sorted(ApiMethod[] methods)
        {
            Array.Sort(methods, (a, b) => string.CompareOrdinal(a.Name, b.Name));
            return methods;
        }
    }
}
