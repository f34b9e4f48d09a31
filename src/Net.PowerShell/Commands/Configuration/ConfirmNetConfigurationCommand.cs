using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Keeps a change that waits for its confirmation.</summary>
[Cmdlet(VerbsLifecycle.Confirm, "NetConfiguration", SupportsShouldProcess = true)]
[OutputType(typeof(GenerationInfo))]
public sealed class ConfirmNetConfigurationCommand : EngineCmdlet
{
    /// <summary>The generation to keep.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GenerationCompleter))]
    public long? Generation { get; set; }

    /// <summary>Write the generation that is kept.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string target = Generation is null ? "the change that waits" : $"generation {Generation}";
        if (ShouldProcess(target, "Keep")
            && TryCall(EngineApi.ConfigurationConfirm, new ConfirmConfiguration(Generation), Generation, out GenerationInfo kept)
            && PassThru)
        {
            WriteObject(kept);
        }
    }
}
