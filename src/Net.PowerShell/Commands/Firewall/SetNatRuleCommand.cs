using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Changes NAT rules. What is not given stays as it is in the engine, whatever a piped object says.</summary>
[Cmdlet(VerbsCommon.Set, "NatRule", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(NatRule))]
public sealed class SetNatRuleCommand : NatRulePartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>Names of NAT rules.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(FirewallNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Whole NAT rules from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ContractObject]
    public NatRule[]? InputObject { get; set; }

    /// <summary>A new name for the NAT rule.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Write the changed rules.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Alter(Name, InputObject, NewName);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitAltered(PassThru);
}
