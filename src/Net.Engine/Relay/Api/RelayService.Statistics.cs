using System.Runtime.CompilerServices;
using Net.Contracts;

namespace Net.Engine.Relay.Api;

/// <content>Counters.</content>
internal sealed partial class RelayService
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    /// <summary>Counters now.</summary>
    /// <param name="request">Of which rules.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RelayStatistic[]> ListStatisticsAsync(ListRelayStatistics request, CancellationToken cancellationToken)
    {
        RelayRule[] rules = Matching(request.Names);
        await relay.ReadCountersAsync(cancellationToken).ConfigureAwait(false);
        var view = new RelayView(relay);
        return [.. rules.Select(rule => view.Statistic(rule, clock.GetUtcNow()))];
    }

    /// <summary>Counters of every rule, then of those that changed.</summary>
    /// <param name="request">Of which rules, how often.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<RelayStatistic> WatchStatisticsAsync(WatchRelayStatistics request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan interval = request.Interval ?? TimeSpan.FromSeconds(1);
        if (interval < ShortestInterval || interval > LongestInterval)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "Counters are watched every 250 ms to 1 h.", "interval");
        }

        Dictionary<long, RelayStatistic> told = [];
        using var timer = new PeriodicTimer(interval, clock);
        do
        {
            RelayRule[] rules = [.. All.Where(rule => NameFilter.Matches(request.Names, rule.Name))];
            await relay.ReadCountersAsync(cancellationToken).ConfigureAwait(false);
            var view = new RelayView(relay);
            foreach (RelayRule rule in rules)
            {
                RelayStatistic now = view.Statistic(rule, clock.GetUtcNow());
                if (!told.TryGetValue(rule.Id, out RelayStatistic? before) || HasChanged(before, now))
                {
                    told[rule.Id] = now;
                    yield return now;
                }
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Begins counters anew.</summary>
    /// <param name="request">Of which rules.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RelayStatistic[]> ResetStatisticsAsync(ResetRelayStatistics request, CancellationToken cancellationToken)
    {
        RelayRule[] rules = Matching(request.Names);

        // What was counted so far, also where nobody has looked yet, belongs to what was before.
        await relay.ReadCountersAsync(cancellationToken).ConfigureAwait(false);
        relay.Ledger.Reset(rules.Select(rule => (int)rule.Id));
        var view = new RelayView(relay);
        return [.. rules.Select(rule => view.Statistic(rule, clock.GetUtcNow()))];
    }

    private static bool HasChanged(RelayStatistic before, RelayStatistic now)
    {
        if (before.Packets != now.Packets || before.State != now.State || before.PacketsPerSecond != now.PacketsPerSecond || before.Drops != now.Drops
            || before.EngineInUse != now.EngineInUse || before.Outputs.Length != now.Outputs.Length || before.Since != now.Since)
        {
            return true;
        }

        for (int index = 0; index < now.Outputs.Length; index++)
        {
            if (before.Outputs[index] != now.Outputs[index])
            {
                return true;
            }
        }

        return false;
    }
}
