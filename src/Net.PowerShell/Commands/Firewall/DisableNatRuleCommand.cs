using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Keeps NAT rules, with ids and counters, but lets them take no part.</summary>
[Cmdlet(VerbsLifecycle.Disable, "NatRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(NatRule))]
public sealed class DisableNatRuleCommand : SwitchItemCmdlet<NatRule>
{
    private protected override bool Enables => false;
}
