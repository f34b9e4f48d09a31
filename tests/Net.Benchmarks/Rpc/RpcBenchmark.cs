using Net.Benchmarks.Core;
using System.Diagnostics;
using Net.Benchmarks.Harness;
using Net.Rpc;
using Net.Rpc.Transport;

namespace Net.Benchmarks.Rpc;

/// <summary>Net.Rpc over a Unix socket between two processes, one connection.</summary>
internal sealed class RpcBenchmark : IBenchmark
{
    public const string Area = Areas.Core;

    private const string Sequential = "calls one after the other";
    private const string Latency = "p99 of a small call";
    private const string Pipelined = "calls, 32 in flight";
    private const string Streamed = "streamed items";

    private const int InFlight = 32;
    private const int StreamLength = 200_000;
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(1);
    private static readonly EchoMessage Message = new(42, "block-smb-in", true);

    private RpcServerProcess? _server;
    private RpcConnection? _connection;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Area, Sequential, "1/s", Better.Higher),
        new(Area, Latency, "ms", Better.Lower) { Target = BenchmarkTarget.Value(1) },
        new(Area, Pipelined, "1/s", Better.Higher) { Target = BenchmarkTarget.Value(20_000) },
        new(Area, Streamed, "1/s", Better.Higher) { Target = BenchmarkTarget.Value(100_000) },
    ];

    private RpcConnection Connection => _connection ?? throw new InvalidOperationException("PrepareAsync comes first.");

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _server = await RpcServerProcess.StartAsync(cancellationToken);
        Stream stream = await UnixSocketTransport.ConnectAsync(_server.SocketPath, cancellationToken);
        _connection = new RpcConnection(stream, new RpcDispatcher());
        _connection.Start();

        // The first round must not pay for compiling.
        await MeasureAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        (double sequential, double p99) = await CallInTurnAsync(cancellationToken);
        return new Dictionary<string, double>
        {
            [Sequential] = sequential,
            [Latency] = p99,
            [Pipelined] = await CallTogetherAsync(cancellationToken),
            [Streamed] = await StreamAsync(cancellationToken),
        };
    }

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("there is no peer for these");

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task<(double PerSecond, double P99)> CallInTurnAsync(CancellationToken cancellationToken)
    {
        List<double> milliseconds = new(100_000);
        long start = Stopwatch.GetTimestamp();
        long last = start;
        while (Stopwatch.GetElapsedTime(start) < Phase)
        {
            await CallAsync(cancellationToken);
            long now = Stopwatch.GetTimestamp();
            milliseconds.Add(Stopwatch.GetElapsedTime(last, now).TotalMilliseconds);
            last = now;
        }

        double perSecond = milliseconds.Count / Stopwatch.GetElapsedTime(start, last).TotalSeconds;
        milliseconds.Sort();
        return (perSecond, milliseconds[(int)(milliseconds.Count * 0.99)]);
    }

    private async Task<double> CallTogetherAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        int[] counts = await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => CallUntilDoneAsync(start, cancellationToken)));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task<int> CallUntilDoneAsync(long start, CancellationToken cancellationToken)
    {
        int count = 0;
        while (Stopwatch.GetElapsedTime(start) < Phase)
        {
            await CallAsync(cancellationToken).ConfigureAwait(false);
            count++;
        }

        return count;
    }

    private async Task<double> StreamAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        long expected = 0;
        await foreach (EchoMessage item in Connection.InvokeStreamAsync(
            RpcServerProcess.Count, new CountRequest(StreamLength), RpcJsonContext.Default.CountRequest, RpcJsonContext.Default.EchoMessage, cancellationToken))
        {
            if (item.Number != expected++)
            {
                throw new InvalidOperationException($"item {expected - 1} came as {item.Number}");
            }
        }

        return expected == StreamLength
            ? expected / Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException($"{expected} of {StreamLength} items came");
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        EchoMessage reply = await Connection.InvokeAsync(
            RpcServerProcess.Echo, Message, RpcJsonContext.Default.EchoMessage, RpcJsonContext.Default.EchoMessage, cancellationToken).ConfigureAwait(false);
        if (reply != Message)
        {
            throw new InvalidOperationException("the echo is not what was sent");
        }
    }
}
