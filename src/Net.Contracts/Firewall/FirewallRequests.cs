namespace Net.Contracts;

/// <summary>Asks for firewall rules.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
/// <param name="Counters">Whether to read the counters as well.</param>
/// <param name="Generated">Whether to list those the engine adds for profile, zones and port forwards too.</param>
/// <param name="Groups">Groups, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListFirewallRules(string[]? Names = null, bool Counters = true, bool Generated = false, string[]? Groups = null);

/// <summary>Adds firewall rules, all or none.</summary>
/// <param name="Rules">The rules; ids, positions and counters in them are not looked at.</param>
/// <param name="Position">Where the first goes, from 1; null means behind all others.</param>
/// <param name="Change">How to make the change; null means at once.</param>
/// <param name="Before">The name of the rule they go before; not with <paramref name="Position"/>.</param>
/// <param name="After">The name of the rule they go behind; not with <paramref name="Position"/> or <paramref name="Before"/>.</param>
public sealed record CreateFirewallRules(FirewallRule[] Rules, int? Position = null, ChangeOptions? Change = null, string? Before = null, string? After = null);

/// <summary>Replaces firewall rules, all or none. Each is found by its id, or by its name where the id is 0.</summary>
/// <param name="Rules">The rules as they shall be; a Position moves the rule there.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetFirewallRules(FirewallRule[] Rules, ChangeOptions? Change = null);

/// <summary>Removes firewall rules, all or none.</summary>
/// <param name="Names">Exact names, without regard to case.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemoveFirewallRules(string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of firewall rules.</summary>
/// <param name="Rules">The rules as they stand now (created, changed) or stood (removed).</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record FirewallRulesChanged(FirewallRule[] Rules, ChangeOutcome Outcome);
