using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Lets port forwards take part again. Their ids and counters are the same as before.</summary>
[Cmdlet(VerbsLifecycle.Enable, "PortForward", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(PortForward))]
public sealed class EnablePortForwardCommand : SwitchItemCmdlet<PortForward>
{
    private protected override bool Enables => true;
}
