namespace Net.Contracts;

/// <content>The multicast relay.</content>
public static partial class ErrorCatalogue
{
    /// <summary>No rule of the relay has that name or id.</summary>
    public static readonly ErrorDefinition RelayRuleNotFound = new("RelayRuleNotFound", ErrorCode.NotFound, "No rule of the relay has that name or id.", "List the rules with Get-RelayRule or 'netmod relay rule list'.");

    /// <summary>A rule of that name exists already.</summary>
    public static readonly ErrorDefinition RelayRuleExists = new("RelayRuleExists", ErrorCode.AlreadyExists, "A rule of the relay of that name exists already.", "Choose another name, or change the existing rule with Set-RelayRule.");

    /// <summary>The parts of a rule do not fit together.</summary>
    public static readonly ErrorDefinition RelayRuleInvalid = new("RelayRuleInvalid", ErrorCode.InvalidArgument, "The parts of a rule of the relay do not fit together.", "Change the property the message names; Get-Help New-RelayRule -Full says which fit together.");

    /// <summary>Packets would come back to where they came from.</summary>
    public static readonly ErrorDefinition RelayRuleLoops = new("RelayRuleLoops", ErrorCode.InvalidArgument, "Packets would come back to where they came from: by this rule alone, or by several in a circle.", "Change the interface, destination or port of an output of the rules the message names.");

    /// <summary>A rule would send beyond the scope of its group.</summary>
    public static readonly ErrorDefinition RelayScopeExceeded = new("RelayScopeExceeded", ErrorCode.InvalidArgument, "A rule would send packets of an administratively scoped group further than one hop, or relay a link-local one.", "Give the output a TTL of 1 or a group of wider scope, or allow the scope with Set-RelaySetting.");

    /// <summary>The engine a rule asks for cannot do what the rule needs.</summary>
    public static readonly ErrorDefinition RelayEngineNotUsable = new("RelayEngineNotUsable", ErrorCode.NotSupported, "The engine the rule asks for cannot do what the rule needs, or is not there on this host.", "Leave the choice to the relay with -Engine Auto, or read in the message what is missing; the table in help/guides/relay.md says what each engine needs.");

    /// <summary>The relay could not be set up; nothing was changed.</summary>
    public static readonly ErrorDefinition RelayApplyFailed = new("RelayApplyFailed", ErrorCode.Unavailable, "The relay could not be set up; nothing was changed.", "Read the kernel's words in the message, and see the permissions in help/guides/relay.md.");

    /// <summary>A worker did not take the change.</summary>
    public static readonly ErrorDefinition RelayWorkerNotResponding = new("RelayWorkerNotResponding", ErrorCode.Unavailable, "A worker of the relay is dead or stuck and did not take the message; it is started anew and given all its rules.", "Look at Get-RelayWorker; the change is kept and is in force as soon as the worker is Running.");

    /// <summary>No worker has that index.</summary>
    public static readonly ErrorDefinition RelayWorkerNotFound = new("RelayWorkerNotFound", ErrorCode.NotFound, "No worker of the relay has that index.", "List them with Get-RelayWorker or 'netmod relay workers'.");

    /// <summary>The rule cannot be traced now.</summary>
    public static readonly ErrorDefinition RelayTraceRefused = new("RelayTraceRefused", ErrorCode.Unavailable, "The rule cannot be traced now: it does not forward, or too many traces run.", "Read the rule's reason in Get-RelayRule, or end another trace.");

    /// <summary>The measurement could not be made.</summary>
    public static readonly ErrorDefinition RelayMeasureFailed = new("RelayMeasureFailed", ErrorCode.Unavailable, "Test traffic could not be sent or received.", "Read the reason in the message: interfaces must be up and have an address of the family.");

    /// <summary>A setting of the relay is not usable.</summary>
    public static readonly ErrorDefinition RelaySettingInvalid = new("RelaySettingInvalid", ErrorCode.InvalidArgument, "A setting of the relay is not usable.", "Change the setting the message names; Get-Help Set-RelaySetting -Full gives the ranges.");

    private static ErrorDefinition[] RelayDefinitions =>
    [
        RelayRuleNotFound, RelayRuleExists, RelayRuleInvalid, RelayRuleLoops, RelayScopeExceeded, RelayEngineNotUsable,
        RelayApplyFailed, RelayWorkerNotResponding, RelayWorkerNotFound, RelayTraceRefused, RelayMeasureFailed, RelaySettingInvalid,
    ];
}
