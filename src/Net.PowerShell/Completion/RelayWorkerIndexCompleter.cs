using System.Globalization;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes indexes of workers of the relay.</summary>
public sealed class RelayWorkerIndexCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        RelayWorker[] workers = await engine.CallAsync(EngineApi.RelayListWorkers, new ListRelayWorkers(), cancellationToken);
        return workers.Select(worker => new Candidate(
            worker.Index.ToString(CultureInfo.InvariantCulture), $"{worker.State}, {worker.RuleCount} rules: {worker.Reason}"));
    }
}
