using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Gets the worker processes of the multicast relay with their state and health.</summary>
[Cmdlet(VerbsCommon.Get, "RelayWorker")]
[OutputType(typeof(RelayWorker))]
public sealed class GetRelayWorkerCommand : EngineCmdlet
{
    /// <summary>Indexes of workers.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(RelayWorkerIndexCompleter))]
    public int[]? Index { get; set; }

    /// <summary>Only workers in these states.</summary>
    [Parameter]
    public RelayWorkerState[]? State { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (!TryCall(EngineApi.RelayListWorkers, new ListRelayWorkers(), null, out RelayWorker[] workers))
        {
            return;
        }

        foreach (RelayWorker worker in workers.Where(one => (Index is null || Index.Contains(one.Index)) && (State is null || State.Contains(one.State))))
        {
            WriteObject(worker);
        }

        foreach (int missing in (Index ?? []).Except(workers.Select(worker => worker.Index)))
        {
            Fail(new EngineException(ErrorCatalogue.RelayWorkerNotFound, $"There is no worker {missing}."), missing);
        }
    }
}
