using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gets port forwards with their counters.</summary>
[Cmdlet(VerbsCommon.Get, "PortForward")]
[OutputType(typeof(PortForward))]
public sealed class GetPortForwardCommand : GetItemCmdlet<PortForward>;
