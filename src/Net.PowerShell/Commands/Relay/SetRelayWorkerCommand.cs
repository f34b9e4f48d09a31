using System.Globalization;
using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Sets how much workers of the multicast relay write to the engine's log, until the engine stops.</summary>
[Cmdlet(VerbsCommon.Set, "RelayWorker", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class SetRelayWorkerCommand : EngineCmdlet
{
    /// <summary>Indexes of workers.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RelayWorkerIndexCompleter))]
    public int[]? Index { get; set; }

    /// <summary>How much.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public EngineLogLevel LogLevel { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (int index in Index!)
        {
            if (ShouldProcess(index.ToString(CultureInfo.InvariantCulture), $"Set log level of worker to {LogLevel}"))
            {
                TryCall(EngineApi.RelaySetWorkerLogLevel, new SetRelayWorkerLogLevel(index, LogLevel), index, out Done _);
            }
        }
    }
}
