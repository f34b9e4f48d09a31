using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Removes zones, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "FirewallZone", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FirewallZone))]
public sealed class RemoveFirewallZoneCommand : RemoveItemCmdlet<FirewallZone>;
