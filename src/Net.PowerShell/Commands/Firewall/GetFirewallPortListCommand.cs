using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gets port lists.</summary>
[Cmdlet(VerbsCommon.Get, "FirewallPortList")]
[OutputType(typeof(FirewallPortList))]
public sealed class GetFirewallPortListCommand : GetItemCmdlet<FirewallPortList>;
