using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Goes back to a kept generation, or takes back the change that waits for its confirmation.</summary>
[Cmdlet(VerbsData.Restore, "NetConfiguration", SupportsShouldProcess = true, DefaultParameterSetName = "Generation")]
[OutputType(typeof(ChangeOutcome))]
public sealed class RestoreNetConfigurationCommand : ChangeCmdlet
{
    /// <summary>The generation to go back to.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Generation")]
    [ArgumentCompleter(typeof(GenerationCompleter))]
    public long Generation { get; set; }

    /// <summary>Take back the change that waits for its confirmation.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Pending")]
    public SwitchParameter Pending { get; set; }

    /// <summary>Write what became of the change.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => ApplyWhole(
        EngineApi.ConfigurationRestore,
        new RestoreConfiguration(Pending ? null : Generation, Change),
        Pending ? "the change that waits" : $"generation {Generation}",
        Pending ? "Take back" : "Go back to",
        PassThru);
}
