namespace Net.Contracts;

/// <summary>Asks for address lists.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListFirewallAddressLists(string[]? Names = null);

/// <summary>Adds address lists, all or none.</summary>
/// <param name="Lists">What to add; ids, states and counters are not looked at.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record CreateFirewallAddressLists(FirewallAddressList[] Lists, ChangeOptions? Change = null);

/// <summary>Replaces address lists, all or none. Each is found by its name, or by its id where it has one.</summary>
/// <param name="Lists">As they shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetFirewallAddressLists(FirewallAddressList[] Lists, ChangeOptions? Change = null);

/// <summary>Removes address lists, all or none. One that is still used is refused, with who uses it.</summary>
/// <param name="Names">Exact names, without regard to case.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemoveFirewallAddressLists(string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of address lists.</summary>
/// <param name="Lists">As they stand now (created, changed) or stood (removed).</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record FirewallAddressListsChanged(FirewallAddressList[] Lists, ChangeOutcome Outcome);

/// <summary>Asks for port lists.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListFirewallPortLists(string[]? Names = null);

/// <summary>Adds port lists, all or none.</summary>
/// <param name="Lists">What to add; ids, states and counters are not looked at.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record CreateFirewallPortLists(FirewallPortList[] Lists, ChangeOptions? Change = null);

/// <summary>Replaces port lists, all or none. Each is found by its name, or by its id where it has one.</summary>
/// <param name="Lists">As they shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetFirewallPortLists(FirewallPortList[] Lists, ChangeOptions? Change = null);

/// <summary>Removes port lists, all or none. One that is still used is refused, with who uses it.</summary>
/// <param name="Names">Exact names, without regard to case.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemoveFirewallPortLists(string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of port lists.</summary>
/// <param name="Lists">As they stand now (created, changed) or stood (removed).</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record FirewallPortListsChanged(FirewallPortList[] Lists, ChangeOutcome Outcome);

/// <summary>Asks for zones.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListFirewallZones(string[]? Names = null);

/// <summary>Adds zones, all or none.</summary>
/// <param name="Zones">What to add; ids, states and counters are not looked at.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record CreateFirewallZones(FirewallZone[] Zones, ChangeOptions? Change = null);

/// <summary>Replaces zones, all or none. Each is found by its name, or by its id where it has one.</summary>
/// <param name="Zones">As they shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetFirewallZones(FirewallZone[] Zones, ChangeOptions? Change = null);

/// <summary>Removes zones, all or none. One that is still used is refused, with who uses it.</summary>
/// <param name="Names">Exact names, without regard to case.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemoveFirewallZones(string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of zones.</summary>
/// <param name="Zones">As they stand now (created, changed) or stood (removed).</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record FirewallZonesChanged(FirewallZone[] Zones, ChangeOutcome Outcome);

/// <summary>Asks for NAT rules.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListNatRules(string[]? Names = null);

/// <summary>Adds NAT rules, all or none.</summary>
/// <param name="Rules">What to add; ids, states and counters are not looked at.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record CreateNatRules(NatRule[] Rules, ChangeOptions? Change = null);

/// <summary>Replaces NAT rules, all or none. Each is found by its name, or by its id where it has one.</summary>
/// <param name="Rules">As they shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetNatRules(NatRule[] Rules, ChangeOptions? Change = null);

/// <summary>Removes NAT rules, all or none. One that is still used is refused, with who uses it.</summary>
/// <param name="Names">Exact names, without regard to case.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemoveNatRules(string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of NAT rules.</summary>
/// <param name="Rules">As they stand now (created, changed) or stood (removed).</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record NatRulesChanged(NatRule[] Rules, ChangeOutcome Outcome);

/// <summary>Asks for port forwards.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListPortForwards(string[]? Names = null);

/// <summary>Adds port forwards, all or none.</summary>
/// <param name="Forwards">What to add; ids, states and counters are not looked at.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record CreatePortForwards(PortForward[] Forwards, ChangeOptions? Change = null);

/// <summary>Replaces port forwards, all or none. Each is found by its name, or by its id where it has one.</summary>
/// <param name="Forwards">As they shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetPortForwards(PortForward[] Forwards, ChangeOptions? Change = null);

/// <summary>Removes port forwards, all or none. One that is still used is refused, with who uses it.</summary>
/// <param name="Names">Exact names, without regard to case.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemovePortForwards(string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of port forwards.</summary>
/// <param name="Forwards">As they stand now (created, changed) or stood (removed).</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record PortForwardsChanged(PortForward[] Forwards, ChangeOutcome Outcome);
