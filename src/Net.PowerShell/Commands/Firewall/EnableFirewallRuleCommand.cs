using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Lets rules of the engine's firewall take part again. Their ids and counters are the same as before.</summary>
[Cmdlet(VerbsLifecycle.Enable, "FirewallRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FirewallRule))]
public sealed class EnableFirewallRuleCommand : SwitchItemCmdlet<FirewallRule>
{
    private protected override bool Enables => true;
}
