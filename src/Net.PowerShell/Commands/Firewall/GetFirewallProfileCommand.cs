using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gets what holds before and after all rules of the firewall.</summary>
[Cmdlet(VerbsCommon.Get, "FirewallProfile")]
[OutputType(typeof(FirewallProfile))]
public sealed class GetFirewallProfileCommand : GetSettingsCmdlet<FirewallProfile>;
