using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;

namespace Net.PowerShell.Commands;

/// <summary>Creates port forwards, all of one pipeline in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "PortForward", SupportsShouldProcess = true)]
[OutputType(typeof(PortForward))]
public sealed class NewPortForwardCommand : PortForwardPartsCmdlet
{
    /// <summary>The name of the port forward.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The outer port or range.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValueText<PortRange>]
    public override string? Port { get; set; }

    /// <summary>The host behind.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [ValueText<AddressRange>]
    public override string? ToAddress { get; set; }

    /// <summary>Make the port forward without letting it take part.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    /// <summary>Whole port forwards from the pipeline, to copy.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ContractObject]
    public PortForward[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Create(Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitCreated();
}
