using System.Collections.Frozen;

namespace Net.Contracts;

/// <summary>Every condition the product reports, once. RPC, PowerShell, the CLI and the help pages take ids and advice from here.</summary>
public static partial class ErrorCatalogue
{
    /// <summary>A firewall rule of that name or id does not exist.</summary>
    public static readonly ErrorDefinition FirewallRuleNotFound = new("FirewallRuleNotFound", ErrorCode.NotFound, "No firewall rule has that name or id.", "List the rules with Get-FirewallRule or 'netmod firewall list'.");

    /// <summary>A firewall rule of that name exists.</summary>
    public static readonly ErrorDefinition FirewallRuleExists = new("FirewallRuleExists", ErrorCode.AlreadyExists, "A firewall rule of that name exists already.", "Choose another name, or change the existing rule with Set-FirewallRule.");

    /// <summary>The parts of a firewall rule do not fit together.</summary>
    public static readonly ErrorDefinition FirewallRuleInvalid = new("FirewallRuleInvalid", ErrorCode.InvalidArgument, "The parts of a firewall rule do not fit together.", "Change the property the message names; Get-Help New-FirewallRule -Full says which fit together.");

    /// <summary>The kernel refused the rule set.</summary>
    public static readonly ErrorDefinition FirewallApplyFailed = new("FirewallApplyFailed", ErrorCode.Unavailable, "The kernel refused the rule set; nothing was changed.", "Read the kernel's words in the message; check that nftables is installed and that the engine holds CAP_NET_ADMIN (netmod engine status).");

    /// <summary>No list, zone, NAT rule or port forward of that name exists.</summary>
    public static readonly ErrorDefinition FirewallItemNotFound = new("FirewallItemNotFound", ErrorCode.NotFound, "No list, zone, group, NAT rule or port forward of the firewall has that name.", "List them, for instance with Get-FirewallZone or 'netmod firewall zone list'.");

    /// <summary>A list, zone, NAT rule or port forward of that name exists.</summary>
    public static readonly ErrorDefinition FirewallItemExists = new("FirewallItemExists", ErrorCode.AlreadyExists, "A list, zone, NAT rule or port forward of that name exists already.", "Choose another name, or change the existing one.");

    /// <summary>The parts of a list, zone, NAT rule, port forward or profile do not fit together.</summary>
    public static readonly ErrorDefinition FirewallItemInvalid = new("FirewallItemInvalid", ErrorCode.InvalidArgument, "The parts of a list, zone, NAT rule, port forward, profile or detection do not fit together.", "Change the property the message names.");

    /// <summary>Something of the firewall is still used.</summary>
    public static readonly ErrorDefinition FirewallItemInUse = new("FirewallItemInUse", ErrorCode.Conflict, "The list or zone is still used.", "Change or remove what uses it first; the message names it.");

    /// <summary>No path has that id or interface.</summary>
    public static readonly ErrorDefinition PathNotFound = new("PathNotFound", ErrorCode.NotFound, "No path has that id, and no uplink that interface.", "List the paths with Get-NetPath or 'netmod path list'.");

    /// <summary>No route of that name is in the configuration.</summary>
    public static readonly ErrorDefinition PathRouteNotFound = new("PathRouteNotFound", ErrorCode.NotFound, "No route of that name is in the configuration.", "List them with Get-NetPathRoute or 'netmod path route list'.");

    /// <summary>A route of that name exists.</summary>
    public static readonly ErrorDefinition PathRouteExists = new("PathRouteExists", ErrorCode.AlreadyExists, "A route of that name, or to that prefix at that metric, exists already.", "Choose another name or metric, or change the existing route with Set-NetPathRoute.");

    /// <summary>The parts of a route do not fit together.</summary>
    public static readonly ErrorDefinition PathRouteInvalid = new("PathRouteInvalid", ErrorCode.InvalidArgument, "The parts of a route do not fit together.", "Change the property the message names.");

    /// <summary>The kernel refused a route.</summary>
    public static readonly ErrorDefinition PathRouteApplyFailed = new("PathRouteApplyFailed", ErrorCode.Unavailable, "The kernel refused a route; nothing was changed.", "Read the kernel's words in the message; a next hop must be reachable on a link that is up.");

    /// <summary>The document is not a valid configuration.</summary>
    public static readonly ErrorDefinition ConfigurationInvalid = new("ConfigurationInvalid", ErrorCode.InvalidArgument, "The document is not a valid configuration.", "Correct the places the message names; check again with Test-NetConfiguration.");

    /// <summary>The text is not readable as JSON or YAML.</summary>
    public static readonly ErrorDefinition ConfigurationUnreadable = new("ConfigurationUnreadable", ErrorCode.InvalidArgument, "The text is not readable as JSON or YAML of a configuration.", "Correct the line the message names.");

    /// <summary>The document's schema version is newer than this engine.</summary>
    public static readonly ErrorDefinition ConfigurationFromFuture = new("ConfigurationFromFuture", ErrorCode.NotSupported, "The document's schema version is newer than this engine understands; it was left untouched.", "Upgrade the engine, or restore a generation it wrote itself.");

    /// <summary>The configuration changed since the caller read it.</summary>
    public static readonly ErrorDefinition ConfigurationChanged = new("ConfigurationChanged", ErrorCode.Conflict, "The configuration changed since it was read.", "Read it again and repeat the change.");

    /// <summary>A change still waits for its confirmation.</summary>
    public static readonly ErrorDefinition ConfirmationPending = new("ConfirmationPending", ErrorCode.Conflict, "An earlier change still waits for its confirmation.", "Confirm it with Confirm-NetConfiguration, or take it back with Restore-NetConfiguration -Pending.");

    /// <summary>No change waits for a confirmation.</summary>
    public static readonly ErrorDefinition NothingToConfirm = new("NothingToConfirm", ErrorCode.NotFound, "No change waits for a confirmation; it may have been rolled back when its time ran out.", "Look at the events with Get-NetEvent.");

    /// <summary>No such generation is kept.</summary>
    public static readonly ErrorDefinition GenerationNotFound = new("GenerationNotFound", ErrorCode.NotFound, "No such generation is kept.", "List them with Get-NetConfiguration -History or 'netmod config generations'.");

    /// <summary>The state could not be written.</summary>
    public static readonly ErrorDefinition StateNotWritable = new("StateNotWritable", ErrorCode.Unavailable, "The state could not be written to disk; nothing was changed.", "Free space or repair the state folder, then repeat the change.");

    /// <summary>A policy of the administrator locks the setting.</summary>
    public static readonly ErrorDefinition SettingLocked = new("SettingLocked", ErrorCode.PermissionDenied, "A policy of the administrator locks the setting.", "Change the policy file the message names.");

    /// <summary>No secret has that name.</summary>
    public static readonly ErrorDefinition SecretNotFound = new("SecretNotFound", ErrorCode.NotFound, "No secret has that name.", "Store it first with 'netmod secret set NAME'.");

    /// <summary>The name or value of a secret is not usable.</summary>
    public static readonly ErrorDefinition SecretInvalid = new("SecretInvalid", ErrorCode.InvalidArgument, "The name or value of a secret is not usable.", "Use letters, digits, '-', '_' and '.' for the name, and a value of at most 64 KiB.");

    /// <summary>The secret is referred to by the configuration.</summary>
    public static readonly ErrorDefinition SecretInUse = new("SecretInUse", ErrorCode.Conflict, "The configuration refers to the secret.", "Remove the reference first.");

    /// <summary>The backup archive cannot be opened.</summary>
    public static readonly ErrorDefinition BackupUnreadable = new("BackupUnreadable", ErrorCode.InvalidArgument, "The backup archive is damaged, or the passphrase is wrong.", "Check the passphrase and the file.");

    /// <summary>The caller's role is too small.</summary>
    public static readonly ErrorDefinition RoleRequired = new("RoleRequired", ErrorCode.PermissionDenied, "The caller's role does not allow the operation.", "Ask an administrator to add you to the section 'access' of the configuration.");

    /// <summary>Client and engine speak incompatible protocol versions.</summary>
    public static readonly ErrorDefinition ProtocolVersionMismatch = new("ProtocolVersionMismatch", ErrorCode.ProtocolMismatch, "Client and engine speak incompatible versions of the protocol.", "Install the same release of both.");

    /// <summary>The client called before it said hello.</summary>
    public static readonly ErrorDefinition HelloRequired = new("HelloRequired", ErrorCode.ProtocolMismatch, "The first call of a connection must be engine.hello.", "Call engine.hello with the protocol version.");

    /// <summary>The engine cannot be reached.</summary>
    public static readonly ErrorDefinition EngineNotReachable = new("EngineNotReachable", ErrorCode.Unavailable, "No engine answers at its socket.", "Start it with 'netmod engine start' (or 'netmod engine run'), and check that you may open the socket.");

    /// <summary>The caller may not open the engine's socket.</summary>
    public static readonly ErrorDefinition SocketNotPermitted = new("SocketNotPermitted", ErrorCode.PermissionDenied, "The caller may not open the engine's socket.", "Run it as root, or ask an administrator to add you to the group netmod.");

    /// <summary>The connection broke during a call.</summary>
    public static readonly ErrorDefinition ConnectionLost = new("ConnectionLost", ErrorCode.Unavailable, "The connection to the engine broke during a call.", "Repeat the call; if it happens again, read the engine's log.");

    /// <summary>The engine is stopping.</summary>
    public static readonly ErrorDefinition EngineStopping = new("EngineStopping", ErrorCode.Unavailable, "The engine is stopping and takes no new calls.", "Repeat the call when it runs again.");

    /// <summary>The engine refuses changes because it could not load its state.</summary>
    public static readonly ErrorDefinition EngineReadOnly = new("EngineReadOnly", ErrorCode.Unavailable, "The engine takes no changes because it could not load its own state.", "Read 'netmod engine status' for the reason.");

    /// <summary>A file or folder is open to others.</summary>
    public static readonly ErrorDefinition PermissionsTooWide = new("PermissionsTooWide", ErrorCode.PermissionDenied, "A file or folder the engine relies on can be written to by others.", "Take the write permission for group and others away, then start the engine again.");

    /// <summary>Another engine uses the same socket or state.</summary>
    public static readonly ErrorDefinition EngineAlreadyRuns = new("EngineAlreadyRuns", ErrorCode.Conflict, "Another engine uses the same socket or state folder.", "Stop it first with 'netmod engine stop', or give this one its own with --socket and --state.");

    /// <summary>An argument is not usable.</summary>
    public static readonly ErrorDefinition ArgumentInvalid = new("ArgumentInvalid", ErrorCode.InvalidArgument, "An argument is not usable.", "Change the argument the message names.");

    /// <summary>The method is not known to this engine.</summary>
    public static readonly ErrorDefinition MethodNotFound = new("MethodNotFound", ErrorCode.NotSupported, "The engine does not know the method.", "Install the same release of client and engine.");

    /// <summary>The platform lacks something the operation needs.</summary>
    public static readonly ErrorDefinition PlatformLacksSupport = new("PlatformLacksSupport", ErrorCode.NotSupported, "This platform lacks something the operation needs.", "Read in the message what is missing.");

    /// <summary>The operation took too long.</summary>
    public static readonly ErrorDefinition OperationTimedOut = new("OperationTimedOut", ErrorCode.Timeout, "The operation did not end in the time given.", "Give it more time, or look at 'netmod engine status' for what it waits for.");

    /// <summary>A fault in the engine.</summary>
    public static readonly ErrorDefinition InternalFault = new("InternalFault", ErrorCode.Internal, "A fault in the engine itself.", "Read the engine's log at the time of the call and report it.");

    /// <summary>Every definition by its id.</summary>
    public static FrozenDictionary<string, ErrorDefinition> ById => Everything.Definitions;

    // A class of its own, initialised after every field of both parts of this one.
    private static class Everything
    {
        internal static readonly FrozenDictionary<string, ErrorDefinition> Definitions = new[]
        {
            FirewallRuleNotFound, FirewallRuleExists, FirewallRuleInvalid, FirewallApplyFailed, FirewallItemNotFound, FirewallItemExists,
            FirewallItemInvalid, FirewallItemInUse, PathNotFound, PathRouteNotFound, PathRouteExists,
            PathRouteInvalid, PathRouteApplyFailed, ConfigurationInvalid, ConfigurationUnreadable, ConfigurationFromFuture, ConfigurationChanged,
            ConfirmationPending, NothingToConfirm, GenerationNotFound, StateNotWritable, SettingLocked, SecretNotFound, SecretInvalid, SecretInUse,
            BackupUnreadable, RoleRequired, ProtocolVersionMismatch, HelloRequired, EngineNotReachable, SocketNotPermitted, ConnectionLost, EngineStopping, EngineReadOnly,
            PermissionsTooWide, EngineAlreadyRuns, ArgumentInvalid, MethodNotFound, PlatformLacksSupport, OperationTimedOut, InternalFault,
        }.Concat(OverlayDefinitions).Concat(RelayDefinitions).Concat(FirewallRuntimeDefinitions).ToFrozenDictionary(definition => definition.Id, StringComparer.Ordinal);
    }
}
