namespace Net.Contracts;

/// <content>Conditions of connections, log and traces of the firewall.</content>
public static partial class ErrorCatalogue
{
    /// <summary>Packets cannot be traced now.</summary>
    public static readonly ErrorDefinition FirewallTraceRefused = new("FirewallTraceRefused", ErrorCode.Unavailable, "Packets cannot be traced now.", "End the trace that runs, or read the kernel's words in the message.");

    /// <summary>The kernel does not let its connections be read.</summary>
    public static readonly ErrorDefinition FirewallConnectionsUnavailable = new("FirewallConnectionsUnavailable", ErrorCode.Unavailable, "The kernel does not let its tracked connections be read.", "Read in the message why; connection tracking begins with the first rule, and the engine needs CAP_NET_ADMIN (netmod engine status).");

    private static ErrorDefinition[] FirewallRuntimeDefinitions => [FirewallTraceRefused, FirewallConnectionsUnavailable];
}
