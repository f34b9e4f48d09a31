using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Removes port lists, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "FirewallPortList", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FirewallPortList))]
public sealed class RemoveFirewallPortListCommand : RemoveItemCmdlet<FirewallPortList>;
