using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes areas of events.</summary>
public sealed class EventAreaCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        EngineEvent[] events = await engine.CallAsync(EngineApi.EventsList, new ListEvents(), cancellationToken);
        return events.GroupBy(one => one.Area).Select(same => new Candidate(same.Key, $"{same.Count()} events kept"));
    }
}
