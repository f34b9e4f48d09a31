using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Keeps rules of the engine's firewall, with ids and counters, but lets them take no part.</summary>
[Cmdlet(VerbsLifecycle.Disable, "FirewallRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FirewallRule))]
public sealed class DisableFirewallRuleCommand : SwitchItemCmdlet<FirewallRule>
{
    private protected override bool Enables => false;
}
