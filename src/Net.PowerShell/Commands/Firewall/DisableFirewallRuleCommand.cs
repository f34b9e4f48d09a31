using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Keeps rules of the engine's firewall, but lets them take no part.</summary>
[Cmdlet(VerbsLifecycle.Disable, "FirewallRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FirewallRule))]
public sealed class DisableFirewallRuleCommand : FirewallRuleSelectionCmdlet
{
    private static readonly FirewallRulePatch Parts = new() { Enabled = false };

    private protected override string ActionText => "Disable firewall rule";

    private protected override Task<(FirewallRule[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken) =>
        FirewallRuleChanges.SetAsync(agreed, (rule, _) => Parts.ApplyTo(rule), Change, engine, cancellationToken);
}
