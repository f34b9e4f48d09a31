using System.Net;
using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Events;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Connections;

/// <summary>Serves the part of the API about tracked connections.</summary>
/// <param name="host">The kernel; null where this host has none of it.</param>
/// <param name="configuration">Gives the ports people log in at.</param>
/// <param name="addresses">This host's addresses.</param>
/// <param name="events">Hears of removals.</param>
internal sealed class ConnectionService(IFirewallHost? host, ConfigurationManager configuration, HostAddresses addresses, EventLog events)
{
    private const int MostWatchers = 32;
    private const int WatcherCapacity = 8192;

    private int _watchers;

    /// <summary>The connections the kernel tracks.</summary>
    /// <exception cref="EngineException">They cannot be read.</exception>
    public IConnectionTracker Tracker
    {
        get
        {
            string? reason = host is null ? "this host has no connection tracking the engine could read" : host.Connections.Unavailable;
            return reason is null ? host!.Connections : throw new EngineException(ErrorCatalogue.FirewallConnectionsUnavailable, $"Connections cannot be read: {reason.TrimEnd('.')}.");
        }
    }

    /// <summary>Lists connections. Only the kernel's records are kept while the list is told, not the texts made of them.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<FirewallConnection> ListAsync(ListFirewallConnections request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.Limit is < 1)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "A limit is 1 at least.", "limit");
        }

        var query = new ConnectionQuery(request.Filter);
        IReadOnlyList<TrackedConnection> all = await ReadAsync(query, cancellationToken).ConfigureAwait(false);
        int left = request.Limit ?? int.MaxValue;
        foreach (TrackedConnection connection in all)
        {
            if (left == 0)
            {
                yield break;
            }

            if (query.Matches(connection))
            {
                left--;
                yield return ConnectionText.Describe(connection);
            }
        }
    }

    /// <summary>Follows connections from now on.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<FirewallConnectionChange> WatchAsync(WatchFirewallConnections request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new ConnectionQuery(request.Filter);
        if (Interlocked.Increment(ref _watchers) > MostWatchers)
        {
            Interlocked.Decrement(ref _watchers);
            throw new EngineException(ErrorCatalogue.FirewallConnectionsUnavailable, $"{MostWatchers} clients follow connections already, which is the most.");
        }

        try
        {
            using IConnectionWatcher watcher = Ask(tracker => tracker.Watch(query.Kernel, ConnectionEventKinds.All, WatcherCapacity));
            await foreach (ConnectionEvent item in watcher.Events.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (item.Connection is not { } connection)
                {
                    yield return new FirewallConnectionChange("lost");
                }
                else if (query.Matches(connection))
                {
                    yield return new FirewallConnectionChange(KindOf(item.Kind), ConnectionText.Describe(connection));
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    /// <summary>Ends connections: their next packet is a new one.</summary>
    /// <param name="request">Which.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Gives up; what is ended stays ended.</param>
    public async Task<FirewallConnectionsRemoved> RemoveAsync(Actor actor, RemoveFirewallConnections request, CancellationToken cancellationToken)
    {
        var query = new ConnectionQuery(request.Filter);
        if (query.IsEmpty)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "Say which connections: at least one condition. All of them at once would cut off everybody, the caller included.", "filter");
        }

        PortRange[] logins = configuration.Document.Firewall.Detection.LoginPort;
        IReadOnlySet<IPAddress> own = addresses.Current;
        int count = 0;
        int sessions = 0;
        foreach (TrackedConnection connection in await ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!query.Matches(connection) || !Ask(tracker => tracker.Delete(connection)))
            {
                continue;
            }

            count++;
            bool isLogin = own.Contains(connection.Reply.Source) && logins.Any(range => connection.Reply.SourcePort >= range.First && connection.Reply.SourcePort <= range.Last);
            sessions += isLogin ? 1 : 0;
        }

        string? warning = sessions == 0 ? null
            : $"{sessions} of them {(sessions == 1 ? "is" : "are")} at a port of this host where people log in; your own session may be among them, and goes on only if a rule lets its next packet pass.";
        if (count > 0)
        {
            events.Publish("FirewallConnectionsRemoved", "firewall", warning is null ? EventSeverity.Information : EventSeverity.Warning, $"{count} tracked connections were ended. {warning}".TrimEnd(), actor: actor.Name);
        }

        return new FirewallConnectionsRemoved(count, warning);
    }

    /// <summary>Asks the kernel, and says in the API's words why it does not answer.</summary>
    /// <param name="work">The question.</param>
    /// <exception cref="EngineException">Connections cannot be read, or a change was refused.</exception>
    public T Ask<T>(Func<IConnectionTracker, T> work)
    {
        IConnectionTracker tracker = Tracker;
        try
        {
            return work(tracker);
        }
        catch (Exception exception) when (KernelFailure.Is(exception))
        {
            throw new EngineException(ErrorCatalogue.FirewallConnectionsUnavailable, $"Connections cannot be read or changed: {exception.Message}", inner: exception);
        }
    }

    // 100,000 entries take the kernel a good part of a second, in which this thread serves nobody else.
    private Task<IReadOnlyList<TrackedConnection>> ReadAsync(ConnectionQuery query, CancellationToken cancellationToken) =>
        Task.Run(() => Ask(tracker => tracker.List(query.Kernel)), cancellationToken);

    private static string KindOf(ConnectionEventKinds kind) => kind switch
    {
        ConnectionEventKinds.New => "new",
        ConnectionEventKinds.Destroyed => "ended",
        ConnectionEventKinds.Overrun => "lost",
        _ => "changed",
    };
}
