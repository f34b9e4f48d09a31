using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Removes address lists, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "FirewallAddressList", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(FirewallAddressList))]
public sealed class RemoveFirewallAddressListCommand : RemoveItemCmdlet<FirewallAddressList>;
