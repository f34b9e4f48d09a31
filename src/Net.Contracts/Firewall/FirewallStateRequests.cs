namespace Net.Contracts;

/// <summary>Asks what an address list holds now.</summary>
/// <param name="Name">The list.</param>
public sealed record ListFirewallAddressEntries(string Name);

/// <summary>Puts addresses into a list: for a dynamic list at once and for a time, for another as a change of the document.</summary>
/// <param name="Name">The list.</param>
/// <param name="Addresses">What to add.</param>
/// <param name="Timeout">How long they stay in a dynamic list; null for the list's own time.</param>
/// <param name="Change">How to make the change; null means at once. Not looked at for a dynamic list.</param>
public sealed record AddFirewallAddresses(string Name, AddressRange[] Addresses, TimeSpan? Timeout = null, ChangeOptions? Change = null);

/// <summary>Takes addresses out of a list.</summary>
/// <param name="Name">The list.</param>
/// <param name="Addresses">What to take out, as they are listed.</param>
/// <param name="Change">How to make the change; null means at once. Not looked at for a dynamic list.</param>
public sealed record RemoveFirewallAddresses(string Name, AddressRange[] Addresses, ChangeOptions? Change = null);

/// <summary>Asks for the profile.</summary>
public sealed record GetFirewallProfile;

/// <summary>Replaces the profile.</summary>
/// <param name="Profile">As it shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetFirewallProfile(FirewallProfile Profile, ChangeOptions? Change = null);

/// <summary>What became of a change of the profile.</summary>
/// <param name="Profile">As it stands now.</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record FirewallProfileChanged(FirewallProfile Profile, ChangeOutcome Outcome);

/// <summary>Asks for the thresholds of detection.</summary>
public sealed record GetFirewallDetection;

/// <summary>Replaces the thresholds of detection.</summary>
/// <param name="Detection">As they shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetFirewallDetection(FirewallDetection Detection, ChangeOptions? Change = null);

/// <summary>What became of a change of the thresholds.</summary>
/// <param name="Detection">As they stand now.</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record FirewallDetectionChanged(FirewallDetection Detection, ChangeOutcome Outcome);

/// <summary>Enables or disables groups of rules; rules keep their own switch.</summary>
/// <param name="Groups">Exact names of groups that rules name.</param>
/// <param name="Enabled">Whether they take part.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetFirewallGroups(string[] Groups, bool Enabled, ChangeOptions? Change = null);

/// <summary>Which connections: all conditions must hold, what is not set asks nothing.</summary>
public sealed record FirewallConnectionFilter
{
    /// <summary>The protocol.</summary>
    public IpProtocol? Protocol { get; set; }

    /// <summary>The source's address.</summary>
    public AddressRange? SourceAddress { get; set; }

    /// <summary>The destination's address, before or after translation.</summary>
    public AddressRange? DestinationAddress { get; set; }

    /// <summary>The address of either side.</summary>
    public AddressRange? Address { get; set; }

    /// <summary>The source's port.</summary>
    public PortRange? SourcePort { get; set; }

    /// <summary>The destination's port, before or after translation.</summary>
    public PortRange? DestinationPort { get; set; }

    /// <summary>The state in the kernel's words, without regard to case.</summary>
    public string? State { get; set; }

    /// <summary>The kernel's number of one connection.</summary>
    public long? Id { get; set; }
}

/// <summary>Asks for tracked connections.</summary>
/// <param name="Filter">Which; null for all.</param>
/// <param name="Limit">How many at most; null for all.</param>
public sealed record ListFirewallConnections(FirewallConnectionFilter? Filter = null, int? Limit = null);

/// <summary>Asks to be told of connections.</summary>
/// <param name="Filter">Which; null for all.</param>
public sealed record WatchFirewallConnections(FirewallConnectionFilter? Filter = null);

/// <summary>A connection that began, changed or ended.</summary>
/// <param name="Kind"><c>new</c>, <c>changed</c>, <c>ended</c>, or <c>lost</c> when changes were not told because they came too fast.</param>
/// <param name="Connection">The connection; null with <c>lost</c>.</param>
public sealed record FirewallConnectionChange(string Kind, FirewallConnection? Connection = null);

/// <summary>Ends connections.</summary>
/// <param name="Filter">Which; at least one condition.</param>
public sealed record RemoveFirewallConnections(FirewallConnectionFilter Filter);

/// <summary>Connections that were ended.</summary>
/// <param name="Count">How many.</param>
/// <param name="Warning">That sessions of administrators may be among them, or null.</param>
public sealed record FirewallConnectionsRemoved(int Count, string? Warning = null);

/// <summary>Asks for the firewall as a whole.</summary>
/// <param name="Talkers">Top talkers to give, 0 to 1,000.</param>
public sealed record GetFirewallStatistic(int Talkers = 10);

/// <summary>Begins counters anew.</summary>
/// <param name="Names">Names of rules, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ResetFirewallCounters(string[]? Names = null);

/// <summary>Asks for log lines as they come.</summary>
/// <param name="Names">Names of rules, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record WatchFirewallLog(string[]? Names = null);

/// <summary>Asks whether packets would pass.</summary>
/// <param name="Flows">The packets.</param>
/// <param name="At">The time they are sent, for rules with a schedule; null for now.</param>
/// <param name="Document">A configuration to ask instead of the one in force; null for that.</param>
public sealed record TestNetFlows(NetFlow[] Flows, DateTimeOffset? At = null, NetConfiguration? Document = null);

/// <summary>Asks what the kernel does with packets; ends by itself.</summary>
/// <param name="Flow">Which packets: addresses, protocol, ports and interface that are set must be equal; an address may be a prefix.</param>
/// <param name="Duration">How long at most, 1 s to 10 min.</param>
/// <param name="MaxPackets">Packets that are traced at most, 1 to 10,000.</param>
public sealed record TraceNetFlow(NetFlowPattern Flow, TimeSpan Duration, int MaxPackets = 100);

/// <summary>Which packets to trace.</summary>
public sealed record NetFlowPattern
{
    /// <summary>The source.</summary>
    public AddressRange? SourceAddress { get; set; }

    /// <summary>The destination.</summary>
    public AddressRange? DestinationAddress { get; set; }

    /// <summary>The protocol.</summary>
    public IpProtocol Protocol { get; set; } = IpProtocol.Any;

    /// <summary>The source port.</summary>
    public PortRange? SourcePort { get; set; }

    /// <summary>The destination port.</summary>
    public PortRange? DestinationPort { get; set; }

    /// <summary>The interface it comes in by, or leaves by when this host sends it.</summary>
    public string? InterfaceAlias { get; set; }
}

/// <summary>Takes rules over from another firewall's text.</summary>
/// <param name="Text">What <c>iptables-save</c>, <c>ip6tables-save</c> or <c>nft list ruleset</c> prints.</param>
/// <param name="Replace">Whether they take the place of all rules rather than being added behind them.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record ImportFirewall(string Text, bool Replace = false, ChangeOptions? Change = null);

/// <summary>What was taken over.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="NatRules">The NAT rules.</param>
/// <param name="Problems">What could not be expressed, each with its line.</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record FirewallImported(FirewallRule[] Rules, NatRule[] NatRules, FirewallImportProblem[] Problems, ChangeOutcome Outcome);

/// <summary>A line that could not be taken over.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Text">The line.</param>
/// <param name="Reason">Why not.</param>
public sealed record FirewallImportProblem(int Line, string Text, string Reason);

/// <summary>Asks for the firewall as nftables text.</summary>
public sealed record ExportFirewall;

/// <summary>The firewall as text.</summary>
/// <param name="Text">Commands for <c>nft -f</c>.</param>
public sealed record FirewallExported(string Text);
