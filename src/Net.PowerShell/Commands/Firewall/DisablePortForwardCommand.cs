using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Keeps port forwards, with ids and counters, but lets them take no part.</summary>
[Cmdlet(VerbsLifecycle.Disable, "PortForward", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(PortForward))]
public sealed class DisablePortForwardCommand : SwitchItemCmdlet<PortForward>
{
    private protected override bool Enables => false;
}
