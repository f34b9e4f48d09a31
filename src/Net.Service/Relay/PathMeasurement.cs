using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Threading.Channels;
using Net.Contracts;
using Net.Traffic;

namespace Net.Service.Relay;

/// <summary>Sends test traffic by one interface and receives it on others, each on a thread of its own.</summary>
[SupportedOSPlatform("linux")]
internal static class PathMeasurement
{
    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(5);

    // Receivers listen before the first packet leaves, and a little longer than the last one takes.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    /// <summary>Measures.</summary>
    /// <param name="request">What to send and where to receive, complete.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">It cannot be sent or received.</exception>
    public static async IAsyncEnumerable<RelayMeasurement> RunAsync(MeasureRelayPath request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan duration = request.Duration ?? DefaultDuration;
        var plan = new TrafficPlan
        {
            Interface = request.InterfaceAlias,
            Destination = IPAddress.Parse(request.Destination!),
            Port = (ushort)request.Port!.Value,
            PayloadBytes = request.PayloadBytes,
            PacketsPerSecond = request.PacketsPerSecond,
            Duration = duration,
            Streams = request.Streams,
            Ttl = (byte)request.Ttl,
        };
        Channel<RelayMeasurement> items = Channel.CreateUnbounded<RelayMeasurement>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receivers = new List<TrafficReceiver>();
        Task all = Task.CompletedTask;
        try
        {
            using TrafficGenerator generator = Open(() => TrafficGenerator.Open(plan));
            foreach (string name in request.ReceiveOn)
            {
                receivers.Add(Open(() => TrafficReceiver.Open(new TrafficListen
                {
                    Endpoints = [new TrafficEndpoint(name, IPAddress.Parse(request.ReceiveDestination!), (ushort)request.ReceivePort!.Value)],
                    Duration = duration + Linger,
                })));
            }

            var sent = new Counter();
            Task<TrafficSent> sending = OnThread("traffic send", () => generator.Send(stop.Token, progress => sent.Value = progress.Packets));
            Task[] receiving = [.. receivers.Select((receiver, index) => OnThread("traffic receive", () => Receive(receiver, request, index, sent, sending, items.Writer, stop.Token)))];
            all = CompleteAsync(sending, receiving, items.Writer);
            await foreach (RelayMeasurement item in items.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (TrafficReceiver receiver in receivers)
            {
                receiver.Dispose();
            }
        }
    }

    private static bool Receive(
        TrafficReceiver receiver, MeasureRelayPath request, int index, Counter sent, Task<TrafficSent> sending, ChannelWriter<RelayMeasurement> items, CancellationToken cancellationToken)
    {
        string name = request.ReceiveOn[index];
        string destination = $"{request.ReceiveDestination}:{request.ReceivePort}";
        TrafficReport report = receiver.Receive(cancellationToken, progress => items.TryWrite(new RelayMeasurement
        {
            InterfaceAlias = name,
            Destination = destination,
            Sent = sent.Value,
            Received = progress.Packets,
            Lost = progress.Lost,
            LossRatio = progress.Packets + progress.Lost > 0 ? (double)progress.Lost / (progress.Packets + progress.Lost) : 0,
            PacketsPerSecond = progress.PacketsPerSecond,
            Elapsed = progress.Elapsed,
            MeasuredAt = DateTimeOffset.UtcNow,
        }));
        long total = sending.GetAwaiter().GetResult().Packets;

        // Streams nothing came of are known to the sender only.
        long lost = Math.Max(report.Lost, total - report.Received);
        return items.TryWrite(new RelayMeasurement
        {
            InterfaceAlias = name,
            Destination = destination,
            IsFinal = true,
            Sent = total,
            Received = report.Received,
            Lost = lost,
            LossRatio = total > 0 ? (double)lost / total : 0,
            Reordered = report.Reordered,
            Duplicate = report.Duplicate,
            Corrupt = report.Corrupt,
            PacketsPerSecond = report.PacketsPerSecond,
            BitsPerSecond = report.BitsPerSecond,
            MinimumLatency = Span(report.Latency?.Minimum),
            MedianLatency = Span(report.Latency?.P50),
            P99Latency = Span(report.Latency?.P99),
            P999Latency = Span(report.Latency?.P999),
            MaximumLatency = Span(report.Latency?.Maximum),
            Elapsed = report.Elapsed,
            MeasuredAt = DateTimeOffset.UtcNow,
        });
    }

    private static TimeSpan? Span(long? nanoseconds) => nanoseconds is { } value ? TimeSpan.FromTicks(value / 100) : null;

    private static async Task CompleteAsync(Task<TrafficSent> sending, Task[] receiving, ChannelWriter<RelayMeasurement> items)
    {
        try
        {
            await Task.WhenAll([sending, .. receiving]).ConfigureAwait(false);
            items.TryComplete();
        }
        catch (TrafficException exception)
        {
            items.TryComplete(new IOException(exception.Message, exception));
        }
        catch (Exception exception)
        {
            items.TryComplete(exception);
        }
    }

    private static T Open<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (TrafficException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    private static Task<T> OnThread<T>(string name, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(Run) { IsBackground = true, Name = name }.Start();
        return done.Task;

        void Run()
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }
    }

    private sealed class Counter
    {
        private long _value;

        public long Value
        {
            get => Volatile.Read(ref _value);
            set => Volatile.Write(ref _value, value);
        }
    }
}
