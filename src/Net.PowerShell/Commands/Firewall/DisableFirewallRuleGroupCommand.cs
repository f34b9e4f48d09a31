using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Keeps groups of firewall rules, but lets none of their rules take part.</summary>
[Cmdlet(VerbsLifecycle.Disable, "FirewallRuleGroup", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallRule))]
public sealed class DisableFirewallRuleGroupCommand : FirewallRuleGroupCmdlet
{
    private protected override bool Enables => false;
}
