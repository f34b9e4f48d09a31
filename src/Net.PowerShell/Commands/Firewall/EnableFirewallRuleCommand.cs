using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Lets rules of the engine's firewall take part again.</summary>
[Cmdlet(VerbsLifecycle.Enable, "FirewallRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FirewallRule))]
public sealed class EnableFirewallRuleCommand : FirewallRuleSelectionCmdlet
{
    private static readonly FirewallRulePatch Parts = new() { Enabled = true };

    private protected override string ActionText => "Enable firewall rule";

    private protected override Task<(FirewallRule[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken) =>
        FirewallRuleChanges.SetAsync(agreed, (rule, _) => Parts.ApplyTo(rule), Change, engine, cancellationToken);
}
