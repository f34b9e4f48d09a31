using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes ids of events that happened.</summary>
public sealed class EventIdCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        EngineEvent[] events = await engine.CallAsync(EngineApi.EventsList, new ListEvents(), cancellationToken);
        return events.GroupBy(one => one.EventId).Select(same => new Candidate(
            same.Key, $"{same.First().Area}, {same.Count()} kept, last: {same.Last().Message}"));
    }
}
