using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Lets NAT rules take part again. Their ids and counters are the same as before.</summary>
[Cmdlet(VerbsLifecycle.Enable, "NatRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(NatRule))]
public sealed class EnableNatRuleCommand : SwitchItemCmdlet<NatRule>
{
    private protected override bool Enables => true;
}
