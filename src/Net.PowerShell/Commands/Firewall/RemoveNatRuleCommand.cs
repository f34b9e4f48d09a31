using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Removes NAT rules, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "NatRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(NatRule))]
public sealed class RemoveNatRuleCommand : RemoveItemCmdlet<NatRule>;
