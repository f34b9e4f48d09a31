using System.Collections;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of policy rules: those of the overlay that is typed already, else all.</summary>
public sealed class OverlayPolicyNameCompleter : EngineCompleter
{
    internal override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, IDictionary bound, CancellationToken cancellationToken)
    {
        OverlayPolicyRule[] rules = await engine.CallAsync(EngineApi.OverlayListPolicy, new ListOverlayPolicy(bound["Overlay"] as string), cancellationToken);
        return rules.Select(rule => new Candidate(
            rule.Name, $"{rule.Action} {string.Join(',', rule.From)} to {string.Join(',', rule.To)} {rule.Description}".TrimEnd()));
    }

    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) =>
        AskAsync(engine, new Hashtable(), cancellationToken);
}
