using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Lets groups of firewall rules take part again: those of their rules that are enabled themselves.</summary>
[Cmdlet(VerbsLifecycle.Enable, "FirewallRuleGroup", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallRule))]
public sealed class EnableFirewallRuleGroupCommand : FirewallRuleGroupCmdlet
{
    private protected override bool Enables => true;
}
