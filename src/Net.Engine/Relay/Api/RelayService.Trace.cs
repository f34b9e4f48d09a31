using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Net.Contracts;
using Net.Engine.Relay.Model;
using Net.Relay;
using Net.Workers.Relay;

namespace Net.Engine.Relay.Api;

/// <content>Packets of a rule, and test traffic.</content>
internal sealed partial class RelayService
{
    private const int MostTraces = 8;
    private const int MostPackets = 10_000;
    private const int LinkHeaderBytes = 22;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private int _traces;
    private long _nextTrace;

    /// <summary>Packets of one rule as they come in. A rule that is in the kernel is moved to a worker for as long as it is traced.</summary>
    /// <param name="request">Which rule, and how many packets.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<RelayTracedPacket> TraceAsync(TraceRelayRule request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan duration = request.Duration ?? TimeSpan.FromSeconds(10);
        if (request.MaxPackets is < 1 or > 100_000 || request.SnapLength is < 0 or > 9216 || duration < TimeSpan.FromMilliseconds(100) || duration > TimeSpan.FromMinutes(10))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "A trace has 1 to 100,000 packets with 0 to 9216 bytes each, and lasts 100 ms to 10 min.", "maxPackets");
        }

        RelayRule rule = All.FirstOrDefault(one => string.Equals(one.Name, request.Rule, StringComparison.OrdinalIgnoreCase)) ?? throw NotFound(request.Rule);
        if (relay.Current.Find(rule.Id) is not { Engine: not null } resolved)
        {
            throw new EngineException(ErrorCatalogue.RelayTraceRefused, $"Rule '{rule.Name}' relays nothing that could be traced: {relay.Current.Find(rule.Id)?.Reason ?? "it is not applied yet."}", rule.Name);
        }

        if (Interlocked.Increment(ref _traces) > MostTraces)
        {
            Interlocked.Decrement(ref _traces);
            throw new EngineException(ErrorCatalogue.RelayTraceRefused, $"{MostTraces} traces run already, which is the most.", rule.Name);
        }

        try
        {
            await relay.SetTracedAsync(resolved.Id, isTraced: true, cancellationToken).ConfigureAwait(false);
            await foreach (RelayTracedPacket packet in CollectAsync(rule, request, duration, cancellationToken).ConfigureAwait(false))
            {
                yield return packet;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _traces);
            await relay.SetTracedAsync(resolved.Id, isTraced: false, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Sends test traffic and tells what arrives.</summary>
    /// <param name="request">What to send, and where to receive.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<RelayMeasurement> MeasureAsync(MeasureRelayPath request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MeasureRelayPath whole = Complete(request);
        IAsyncEnumerator<RelayMeasurement> items = host.MeasureAsync(whole, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable ended = items.ConfigureAwait(false);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (IOException exception)
            {
                throw new EngineException(ErrorCatalogue.RelayMeasureFailed, exception.Message, whole.InterfaceAlias, exception);
            }

            yield return items.Current;
        }
    }

    private static RelayTracedPacket Missing(RelayTracedPacket packet, ref long missed)
    {
        long before = missed;
        missed = 0;
        return packet with { Missed = before };
    }

    private async IAsyncEnumerable<RelayTracedPacket> CollectAsync(RelayRule rule, TraceRelayRule request, TimeSpan duration, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long id = Interlocked.Increment(ref _nextTrace);
        const int batches = 1024;
        Channel<(int Worker, TracedPackets? Packets)> channel = Channel.CreateBounded<(int, TracedPackets?)>(new BoundedChannelOptions(batches) { FullMode = BoundedChannelFullMode.DropWrite });
        long missed = 0;
        Action<int, TracedPackets> take = (worker, packets) =>
        {
            if (packets.Id == id && !channel.Writer.TryWrite((worker, packets)))
            {
                Interlocked.Add(ref missed, packets.Packets.Length);
            }
        };
        relay.TraceCame += take;
        HashSet<int> tracing = [];
        Dictionary<int, RelayTrace> traces = [];
        long began = clock.GetTimestamp();
        int left = request.MaxPackets;
        using ITimer look = clock.CreateTimer(_ => channel.Writer.TryWrite((-1, null)), null, LookInterval, LookInterval);
        try
        {
            StartAt(rule, request, id, left, tracing, traces);
            while (left > 0 && clock.GetElapsedTime(began) < duration)
            {
                (int worker, TracedPackets? packets) = await channel.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                List<RelayTracedPacket> ready = [];
                if (packets is null)
                {
                    // A worker that was started anew, or only now took the rule, does not trace yet.
                    tracing.RemoveWhere(one => one >= relay.Workers.Length || !relay.Workers[one].IsTracing(id));
                    StartAt(rule, request, id, left, tracing, traces);
                }
                else if (traces.TryGetValue(worker, out RelayTrace? trace))
                {
                    ready.AddRange(trace.Take(packets.Packets));
                    if (packets.IsEnd)
                    {
                        tracing.Remove(worker);
                    }
                }

                foreach (RelayTracedPacket packet in ready.Take(left))
                {
                    yield return Missing(packet, ref missed);
                }

                left -= Math.Min(left, ready.Count);
            }
        }
        finally
        {
            relay.TraceCame -= take;
            foreach (int worker in tracing.Where(worker => worker < relay.Workers.Length))
            {
                relay.Workers[worker].EndTrace(id);
            }
        }
    }

    private void StartAt(RelayRule rule, TraceRelayRule request, long id, int left, HashSet<int> tracing, Dictionary<int, RelayTrace> traces)
    {
        if (relay.Current.Find(rule.Id) is not { } resolved)
        {
            return;
        }

        List<int> workers = [];
        relay.WorkersOf(resolved, workers);
        foreach (int worker in workers.Where(worker => worker < relay.Workers.Length && !tracing.Contains(worker)))
        {
            if (!relay.Workers[worker].StartTrace(new StartTrace(id, resolved.Id, Math.Min(MostPackets, left), Math.Min(ushort.MaxValue, request.SnapLength + LinkHeaderBytes + 40))))
            {
                continue;
            }

            tracing.Add(worker);
            traces.TryAdd(worker, new RelayTrace(rule.Name, resolved.Engine == RelayEngineKind.Packet, relay.Current.Links.NameOf, TimeOf, request.SnapLength));
        }
    }

    private DateTimeOffset TimeOf(long monotonic)
    {
        const int nanosecondsPerTick = 100;
        return clock.GetUtcNow() - TimeSpan.FromTicks((host.MonotonicNanoseconds - monotonic) / nanosecondsPerTick);
    }

    // What the request leaves to a rule is looked up here: whoever measures knows no rules.
    private MeasureRelayPath Complete(MeasureRelayPath request)
    {
        if (request.ReceiveOn.Length is < 1 or > 16 || request.PayloadBytes is < 48 or > 8972 || request.PacketsPerSecond is not (> 0 and <= 10_000_000) || request.Streams is < 1 or > 1000
            || request.Ttl is < 1 or > 255 || request.Duration is { } duration && (duration < TimeSpan.FromMilliseconds(100) || duration > TimeSpan.FromHours(1)))
        {
            throw new EngineException(
                ErrorCatalogue.ArgumentInvalid, "A measurement receives on 1 to 16 interfaces, sends 48 to 8972 bytes up to 10,000,000 times a second in 1 to 1000 streams with a TTL of 1 to 255, for 100 ms to 1 h.", "receiveOn");
        }

        if (request.Rule is not { } name)
        {
            return request.Destination is not null && request.Port is not null ? request with { ReceiveDestination = request.ReceiveDestination ?? request.Destination, ReceivePort = request.ReceivePort ?? request.Port }
                : throw new EngineException(ErrorCatalogue.ArgumentInvalid, "A measurement needs a rule, or a destination and a port.", "destination");
        }

        RelayRule rule = All.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw NotFound(name);
        ParsedRule parsed = ParsedRule.Of(rule);
        string destination = request.Destination ?? parsed.Destination.Address.ToString();
        int port = request.Port ?? parsed.PortFrom;
        RelayOutput? output = rule.Outputs.FirstOrDefault(one => request.ReceiveOn.Contains(one.InterfaceAlias)) ?? rule.Outputs.FirstOrDefault();
        return request with
        {
            Destination = destination,
            Port = port,
            ReceiveDestination = request.ReceiveDestination ?? output?.Destination ?? destination,
            ReceivePort = request.ReceivePort ?? output?.Port ?? port,
        };
    }
}
