using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Requests;

/// <summary>Reads the events that are kept, and then those that happen, none twice and none left out between.</summary>
/// <param name="request">Which events.</param>
/// <param name="wait">Whether to go on with those that happen.</param>
internal sealed class EventReader(ListEvents request, bool wait)
{
    /// <summary>Reads them, oldest first. With <c>wait</c> it ends only when it is cancelled.</summary>
    public async IAsyncEnumerable<EngineEvent> ReadAsync(IEngineCaller engine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Asked before the list, of all events: when no kept event passes the filter, the list alone would not say where the stream begins.
        long last = wait ? await LastAsync(engine, cancellationToken).ConfigureAwait(false) : 0;
        foreach (EngineEvent one in await ListAsync(engine, cancellationToken).ConfigureAwait(false))
        {
            last = Math.Max(last, one.Sequence);
            yield return one;
        }

        if (!wait)
        {
            yield break;
        }

        var watch = new WatchEvents(request.Areas, request.EventIds, last);
        await foreach (EngineEvent one in engine.StreamAsync(EngineApi.EventsWatch, watch, cancellationToken).ConfigureAwait(false))
        {
            yield return one;
        }
    }

    private static async Task<long> LastAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        EngineEvent[] newest = await engine.CallAsync(EngineApi.EventsList, new ListEvents(Newest: 1), cancellationToken).ConfigureAwait(false);
        return newest.Length == 0 ? 0 : newest[^1].Sequence;
    }

    private async Task<EngineEvent[]> ListAsync(IEngineCaller engine, CancellationToken cancellationToken) => request.Newest == 0
        ? []
        : await engine.CallAsync(EngineApi.EventsList, request, cancellationToken).ConfigureAwait(false);
}
