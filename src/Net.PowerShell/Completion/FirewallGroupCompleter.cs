using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes groups of firewall rules.</summary>
public sealed class FirewallGroupCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        FirewallRule[] rules = await engine.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(Counters: false), cancellationToken);
        return rules.Where(rule => rule.Group is not null).GroupBy(rule => rule.Group!, StringComparer.OrdinalIgnoreCase)
            .Select(group => new Candidate(group.Key, $"{group.Count()} rules: {string.Join(", ", group.Select(rule => rule.Name).Take(3))}"));
    }
}
