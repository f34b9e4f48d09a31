using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Removes rules of the engine's firewall, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "FirewallRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FirewallRule))]
public sealed class RemoveFirewallRuleCommand : FirewallRuleSelectionCmdlet
{
    private protected override string ActionText => "Remove firewall rule";

    private protected override Task<(FirewallRule[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken) =>
        FirewallRuleChanges.RemoveAsync(agreed, Change, engine, cancellationToken);
}
