using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gets zones.</summary>
[Cmdlet(VerbsCommon.Get, "FirewallZone")]
[OutputType(typeof(FirewallZone))]
public sealed class GetFirewallZoneCommand : GetItemCmdlet<FirewallZone>;
