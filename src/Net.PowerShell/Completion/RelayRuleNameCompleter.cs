using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of rules of the relay.</summary>
public sealed class RelayRuleNameCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        RelayRule[] rules = await engine.CallAsync(EngineApi.RelayListRules, new ListRelayRules(Counters: false), cancellationToken);
        return rules.Select(rule => new Candidate(
            rule.Name, $"{rule.State}: {rule.Group} port {rule.Port} at {rule.InterfaceAlias} to {rule.Outputs.Length} outputs {rule.Description}".TrimEnd()));
    }
}
