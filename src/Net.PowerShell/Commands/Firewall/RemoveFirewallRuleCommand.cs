using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Removes rules of the engine's firewall, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "FirewallRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FirewallRule))]
public sealed class RemoveFirewallRuleCommand : RemoveItemCmdlet<FirewallRule>;
