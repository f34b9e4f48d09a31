using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gets the thresholds beyond which the engine tells of a source, and bans it.</summary>
[Cmdlet(VerbsCommon.Get, "FirewallDetection")]
[OutputType(typeof(FirewallDetection))]
public sealed class GetFirewallDetectionCommand : GetSettingsCmdlet<FirewallDetection>;
