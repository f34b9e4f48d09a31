using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Tracing;

/// <summary>Serves traces: marks packets by a table of its own for as long as somebody listens, one at a time.</summary>
/// <param name="host">The kernel; null where this host has none of it.</param>
/// <param name="datapath">Makes and removes the table.</param>
/// <param name="reader">Finds a table that a crash left.</param>
/// <param name="models">Names of rules.</param>
/// <param name="addresses">Names of interfaces.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Hears of faults.</param>
internal sealed partial class TraceService(
    IFirewallHost? host, IFirewallDatapath datapath, IFirewallReader reader, FirewallModels models, HostAddresses addresses, TimeProvider clock, ILogger logger)
{
    private const int MostPackets = 10_000;

    // Steps of packets that were marked before the table went are still on their way; they come within this time.
    private static readonly TimeSpan s_drain = TimeSpan.FromMilliseconds(300);

    private int _running;

    /// <summary>Removes the table when a crash left it: it would mark packets for ever.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (reader.GetTables().Contains(TraceTable.Table))
            {
                await datapath.ApplyAsync(TraceTable.Removal, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (KernelFailure.Is(exception))
        {
            Log.NotRemoved(logger, exception);
        }
    }

    /// <summary>What the kernel does with matching packets.</summary>
    /// <param name="request">Which, and how many.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">The request makes no sense, another trace runs, or the kernel refused.</exception>
    public async IAsyncEnumerable<NetFlowTraceEvent> TraceAsync(TraceNetFlow request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.MaxPackets is < 1 or > MostPackets || request.Duration < TimeSpan.FromSeconds(1) || request.Duration > TimeSpan.FromMinutes(10))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "A trace has 1 to 10,000 packets and lasts 1 s to 10 min.", "maxPackets");
        }

        string table = TraceTable.Create(request.Flow, request.MaxPackets);
        if (host is null)
        {
            throw new EngineException(ErrorCatalogue.FirewallTraceRefused, "This host has no nftables tracing the engine could listen to.");
        }

        if (Interlocked.Exchange(ref _running, 1) == 1)
        {
            throw new EngineException(ErrorCatalogue.FirewallTraceRefused, "Another trace runs; there is one at a time.");
        }

        try
        {
            using IRuleTracer tracer = Open(host);
            await ApplyAsync(table, cancellationToken).ConfigureAwait(false);
            var steps = new TraceSteps(tracer, id => models.NameOf(id, clock.GetUtcNow()), addresses, clock, request.MaxPackets);
            await foreach (NetFlowTraceEvent step in ReadAsync(tracer, steps, request.Duration, cancellationToken).ConfigureAwait(false))
            {
                yield return step;
            }
        }
        finally
        {
            await RemoveAsync().ConfigureAwait(false);
            Volatile.Write(ref _running, 0);
        }
    }

    private async IAsyncEnumerable<NetFlowTraceEvent> ReadAsync(IRuleTracer tracer, TraceSteps steps, TimeSpan duration, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(duration, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        bool isDraining = false;
        long lost = 0;
        while (true)
        {
            bool hasMore;
            try
            {
                hasMore = await tracer.Trace.WaitToReadAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Its time is over.
                yield break;
            }

            if (!hasMore)
            {
                yield break;
            }

            while (tracer.Trace.TryRead(out TraceEvent? step))
            {
                if (tracer.Lost > lost)
                {
                    yield return Lost(tracer.Lost - lost, step);
                    lost = tracer.Lost;
                }

                if (steps.Take(step) is { } told)
                {
                    yield return told;
                }
            }

            if (steps.IsFull && !isDraining)
            {
                isDraining = true;
                await RemoveAsync().ConfigureAwait(false);
                patience.CancelAfter(s_drain);
            }
        }
    }

    private static NetFlowTraceEvent Lost(long count, TraceEvent step) => new()
    {
        Packet = step.TraceId,
        Time = step.Time,
        Table = step.Table.ToString(),
        Chain = step.Chain,
        Kind = "lost",
        Verdict = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count} steps at least"),
    };

    private static IRuleTracer Open(IFirewallHost kernel)
    {
        try
        {
            return kernel.OpenTracer();
        }
        catch (Exception exception) when (KernelFailure.Is(exception))
        {
            throw new EngineException(ErrorCatalogue.FirewallTraceRefused, $"The kernel does not let traces be heard: {exception.Message}", inner: exception);
        }
    }

    private async Task ApplyAsync(string table, CancellationToken cancellationToken)
    {
        try
        {
            await datapath.ApplyAsync(table, cancellationToken).ConfigureAwait(false);
        }
        catch (FirewallDatapathException exception)
        {
            throw new EngineException(ErrorCatalogue.FirewallTraceRefused, $"nftables refused to mark packets: {exception.Message}", inner: exception);
        }
    }

    // Whoever cancelled, the table must go.
    private async Task RemoveAsync()
    {
        try
        {
            await datapath.ApplyAsync(TraceTable.Removal, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (KernelFailure.Is(exception))
        {
            Log.NotRemoved(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The table inet netmod_trace could not be removed; it marks packets until the engine starts again or 'nft delete table inet netmod_trace'.", EventName = "FirewallTraceNotRemoved")]
        public static partial void NotRemoved(ILogger logger, Exception exception);
    }
}
