using Net.Contracts;
using Net.Engine.Firewall.Runtime.Connections;
using Net.Firewall;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Logging;

/// <summary>Makes log entries of what the kernel logged.</summary>
/// <param name="addresses">Names of interfaces.</param>
internal sealed class LogEntryBuilder(HostAddresses addresses)
{
    /// <summary>The rule a packet was logged by; the rules of our table log with the name of their counter.</summary>
    /// <param name="prefix">The text the rule gave.</param>
    /// <param name="id">The rule's id.</param>
    /// <returns>False for a packet that somebody else's rule logged to our group.</returns>
    public static bool TryGetRule(string prefix, out long id) => Net.Firewall.FirewallTable.TryGetRuleId(prefix.AsSpan().Trim().TrimEnd(':'), out id);

    /// <summary>An entry.</summary>
    /// <param name="packet">What the kernel logged.</param>
    /// <param name="headers">The packet's headers.</param>
    /// <param name="id">The rule's id.</param>
    /// <param name="rule">The rule; null when it is gone already.</param>
    public FirewallLogEntry Build(LoggedPacket packet, PacketTuple headers, long id, Rule? rule) => new()
    {
        Time = packet.Time,
        RuleId = id,
        Rule = rule?.Name ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"rule {id}, which is gone"),
        Action = rule is null ? Contracts.RuleAction.Continue : (Contracts.RuleAction)(int)rule.Action,
        Direction = rule is null ? DirectionOf(packet.Hook) : (Contracts.RuleDirection)(int)rule.Direction,
        Protocol = ConnectionText.ProtocolOf(headers.Protocol),
        SourceAddress = headers.Source.ToString(),
        SourcePort = headers.SourcePort,
        DestinationAddress = headers.Destination.ToString(),
        DestinationPort = headers.DestinationPort,
        InterfaceAlias = addresses.NameOf(packet.InputInterface),
        OutInterfaceAlias = addresses.NameOf(packet.OutputInterface),
        Length = headers.LengthBytes,
    };

    private static Contracts.RuleDirection DirectionOf(FirewallHook hook) => hook switch
    {
        FirewallHook.Output or FirewallHook.Postrouting => Contracts.RuleDirection.Outbound,
        FirewallHook.Forward => Contracts.RuleDirection.Forward,
        _ => Contracts.RuleDirection.Inbound,
    };
}
