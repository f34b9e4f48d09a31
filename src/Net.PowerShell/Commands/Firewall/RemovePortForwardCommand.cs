using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Removes port forwards, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "PortForward", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(PortForward))]
public sealed class RemovePortForwardCommand : RemoveItemCmdlet<PortForward>;
