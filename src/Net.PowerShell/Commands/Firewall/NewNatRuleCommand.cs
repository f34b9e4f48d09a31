using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;

namespace Net.PowerShell.Commands;

/// <summary>Creates NAT rules, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "NatRule", SupportsShouldProcess = true)]
[OutputType(typeof(NatRule))]
public sealed class NewNatRuleCommand : NatRulePartsCmdlet
{
    /// <summary>The name of the NAT rule.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>What the rule does.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    public override NatKind? Kind { get; set; }

    /// <summary>Make the NAT rule without letting it take part.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    /// <summary>Whole NAT rules from the pipeline, to copy.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ContractObject]
    public NatRule[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Create(Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitCreated();
}
