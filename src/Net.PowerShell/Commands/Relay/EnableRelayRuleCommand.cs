using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Lets rules of the multicast relay take part again. Their ids and counters are the same as before.</summary>
[Cmdlet(VerbsLifecycle.Enable, "RelayRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(RelayRule))]
public sealed class EnableRelayRuleCommand : RelayRuleSelectionCmdlet
{
    private static readonly RelayRulePatch Parts = new() { Enabled = true };

    private protected override string ActionText => "Enable relay rule";

    private protected override Task<(RelayRule[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken) =>
        RelayRuleChanges.SetAsync(agreed, (rule, _) => Parts.ApplyTo(rule), Change, engine, cancellationToken);
}
