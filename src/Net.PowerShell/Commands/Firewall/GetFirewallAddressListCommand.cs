using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gets address lists with how much they hold and what could not be read.</summary>
[Cmdlet(VerbsCommon.Get, "FirewallAddressList")]
[OutputType(typeof(FirewallAddressList))]
public sealed class GetFirewallAddressListCommand : GetItemCmdlet<FirewallAddressList>;
