using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Keeps rules of the multicast relay, with id and counters, but lets them take no part.</summary>
[Cmdlet(VerbsLifecycle.Disable, "RelayRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(RelayRule))]
public sealed class DisableRelayRuleCommand : RelayRuleSelectionCmdlet
{
    private static readonly RelayRulePatch Parts = new() { Enabled = false };

    private protected override string ActionText => "Disable relay rule";

    private protected override Task<(RelayRule[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken) =>
        RelayRuleChanges.SetAsync(agreed, (rule, _) => Parts.ApplyTo(rule), Change, engine, cancellationToken);
}
