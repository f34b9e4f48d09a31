using System.Net;
using Net.Contracts;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Connections;

/// <summary>Serves the firewall as a whole: how many connections in which state, what was dropped, who talks most.</summary>
/// <param name="connections">The connections.</param>
/// <param name="addresses">This host's addresses.</param>
/// <param name="models">The rules in force.</param>
/// <param name="logsLost">How many log lines were lost.</param>
/// <param name="clock">The clock.</param>
internal sealed class StatisticService(ConnectionService connections, HostAddresses addresses, FirewallModels models, Func<long> logsLost, TimeProvider clock)
{
    private const int MostTalkers = 1000;

    /// <summary>The statistic now. Only top talkers go through the connections one by one, and only when bytes are counted.</summary>
    /// <param name="request">How many talkers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FirewallStatistic> GetAsync(GetFirewallStatistic request, CancellationToken cancellationToken)
    {
        if (request.Talkers is < 0 or > MostTalkers)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"Talkers are 0 to {MostTalkers}.", "talkers");
        }

        var statistic = new FirewallStatistic { Rules = models.InForce(clock.GetUtcNow()).Rules.Length, LogsLost = logsLost() };
        try
        {
            return await Task.Run(() => Read(statistic, request.Talkers), cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException exception) when (exception.ErrorId == ErrorCatalogue.FirewallConnectionsUnavailable.Id)
        {
            // The rest is known all the same.
            statistic.Reason = exception.Message;
            return statistic;
        }
    }

    /// <summary>The hosts whose connections carried most, own addresses left out.</summary>
    /// <param name="all">The connections.</param>
    /// <param name="own">This host's addresses.</param>
    /// <param name="count">How many hosts.</param>
    public static FirewallTalker[] TopTalkers(IReadOnlyList<TrackedConnection> all, IReadOnlySet<IPAddress> own, int count)
    {
        var hosts = new Dictionary<IPAddress, (int Connections, long Bytes)>();
        foreach (TrackedConnection connection in all)
        {
            long bytes = (long)((connection.OriginalCounter?.Bytes ?? 0) + (connection.ReplyCounter?.Bytes ?? 0));
            Add(connection.Original.Source, bytes);
            if (!connection.Reply.Source.Equals(connection.Original.Source))
            {
                Add(connection.Reply.Source, bytes);
            }
        }

        return [.. hosts
            .OrderByDescending(host => host.Value.Bytes).ThenByDescending(host => host.Value.Connections).ThenBy(host => host.Key.ToString(), StringComparer.Ordinal)
            .Take(count)
            .Select(host => new FirewallTalker(host.Key.ToString(), host.Value.Connections, host.Value.Bytes))];

        void Add(IPAddress address, long bytes)
        {
            if (IPAddress.IsLoopback(address) || own.Contains(address))
            {
                return;
            }

            (int number, long sum) = hosts.GetValueOrDefault(address);
            hosts[address] = (number + 1, sum + bytes);
        }
    }

    private FirewallStatistic Read(FirewallStatistic statistic, int talkers)
    {
        ConnectionTableStatistic table = connections.Ask(tracker => tracker.GetStatistic());
        statistic.Connections = (int)Math.Min(int.MaxValue, table.Count);
        statistic.MaxConnections = (int)Math.Min(int.MaxValue, table.Maximum);
        statistic.TableDrops = table.Dropped + table.InsertFailed;
        statistic.InvalidPackets = table.Invalid;
        statistic.States = StatesOf(connections.Ask(tracker => tracker.CountByState()));
        if (!connections.Ask(tracker => tracker.IsAccounting))
        {
            statistic.Reason = "Bytes of connections are not counted, so that there are no top talkers: switch ConnectionAccounting of the firewall's profile on; connections that begin afterwards are counted.";
        }
        else if (talkers > 0)
        {
            statistic.TopTalkers = TopTalkers(connections.Ask(tracker => tracker.List()), addresses.Current, talkers);
        }

        return statistic;
    }

    // Both versions of ICMP, and all protocols without a name here, are one line each.
    private static FirewallStateCount[] StatesOf(IReadOnlyDictionary<(byte Protocol, string State), int> counts) =>
        [.. counts.Where(count => count.Value > 0)
            .GroupBy(count => (Protocol: ConnectionText.ProtocolOf(count.Key.Protocol), State: ConnectionText.StateOf(count.Key.State)))
            .Select(group => new FirewallStateCount(group.Key.Protocol, group.Key.State, group.Sum(count => count.Value)))
            .OrderBy(count => count.Protocol).ThenBy(count => count.State, StringComparer.Ordinal)];
}
