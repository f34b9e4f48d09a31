using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Changes port forwards. What is not given stays as it is in the engine, whatever a piped object says.</summary>
[Cmdlet(VerbsCommon.Set, "PortForward", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(PortForward))]
public sealed class SetPortForwardCommand : PortForwardPartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>Names of port forwards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(FirewallNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Whole port forwards from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ContractObject]
    public PortForward[]? InputObject { get; set; }

    /// <summary>A new name for the port forward.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Write the changed forwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Alter(Name, InputObject, NewName);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitAltered(PassThru);
}
