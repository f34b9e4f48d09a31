using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of firewall rules.</summary>
public sealed class FirewallRuleNameCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        FirewallRule[] rules = await engine.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(Counters: false), cancellationToken);
        return rules.Select(rule => new Candidate(
            rule.Name, $"{rule.Action} {rule.Direction} {rule.Protocol}{(rule.Enabled ? string.Empty : ", disabled")} {rule.Description}".TrimEnd()));
    }
}
