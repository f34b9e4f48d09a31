using System.Runtime.CompilerServices;

namespace Net.Rpc.Tests;

/// <summary>The service the transcript was recorded from, with signals in place of its delays.</summary>
internal sealed class RecordedService : IRpcObserver
{
    private static readonly RpcParameter<int> s_a = RpcParameter.Value("a", PascalJson.Default.Int32);
    private static readonly RpcParameter<int> s_b = RpcParameter.Value("b", PascalJson.Default.Int32);
    private static readonly RpcParameter<int> s_n = RpcParameter.Value("n", PascalJson.Default.Int32);
    private static readonly RpcParameter<string> s_who = RpcParameter.Value("who", PascalJson.Default.String);
    private static readonly RpcParameter<Point> s_point = RpcParameter.Value("point", PascalJson.Default.Point);
    private static readonly RpcParameter<IProgress<int>> s_p = RpcParameter.Progress("p", PascalJson.Default.Int32);
    private static readonly RpcParameter<IAsyncEnumerable<int>> s_items = RpcParameter.Stream("items", PascalJson.Default.Int32);
    private readonly Dictionary<string, TaskCompletionSource> _finished = new(StringComparer.Ordinal);

    public RpcDispatcher Dispatcher { get; } = new();

    public List<string> Heard { get; } = [];

    /// <summary>Released whenever Ignore has begun: a request cancelled before would rightly never run.</summary>
    public SemaphoreSlim IgnoreRuns { get; } = new(0);

    public RecordedService()
    {
        AddCalls();
        AddSlowCalls();
        AddStreams();
    }

    public Task Finished(string method)
    {
        lock (_finished)
        {
            _finished[method] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _finished[method].Task;
        }
    }

    public void CallFinished(RpcCallContext context, RpcCallOutcome outcome, int errorCode, TimeSpan duration)
    {
        lock (_finished)
        {
            _finished.GetValueOrDefault(context.Method)?.TrySetResult();
        }
    }

    private void AddCalls()
    {
        Dispatcher.AddPositional("Add", [s_a, s_b], PascalJson.Default.Int32, (args, _, _) => ValueTask.FromResult(args.Get(s_a) + args.Get(s_b)));
        Dispatcher.Add("single", PascalJson.Default.Person, PascalJson.Default.String, (person, _, _) => ValueTask.FromResult($"{person.Name}:{person.Age}"));
        Dispatcher.Add("Ping", RpcNothing.TypeInfo, PascalJson.Default.String, (_, _, _) => ValueTask.FromResult("pong"));
        Dispatcher.Add("Nothing", RpcNothing.TypeInfo, (_, _, _) => ValueTask.CompletedTask);
        Dispatcher.AddPositional("Move", [s_point], PascalJson.Default.Point, (args, _, _) =>
            ValueTask.FromResult(args.Get(s_point) with { X = args.Get(s_point).X + 1, Y = args.Get(s_point).Y + 1 }));
        Dispatcher.Add("Echo", PascalJson.Default.String, PascalJson.Default.String, (text, _, _) => ValueTask.FromResult(text));
        Dispatcher.AddPositional("Hello", [s_who], RpcNothing.TypeInfo, (args, _, _) =>
        {
            Heard.Add(args.Get(s_who));
            return ValueTask.FromResult(RpcNothing.Value);
        });
        Dispatcher.Add("Throw", RpcNothing.TypeInfo, (_, _, _) => throw new InvalidOperationException("boom"));
        Dispatcher.Add("ThrowRpc", RpcNothing.TypeInfo, (_, _, _) =>
            throw new RpcException(4711, "custom", RawPeer.Parse("""{"why":"x","n":1}""")));
        Dispatcher.Add("CallBack", PascalJson.Default.String, PascalJson.Default.String, async (text, context, cancellationToken) =>
        {
            await context.Connection.NotifyPositionalAsync("Note", [RpcArgument.Value("n1", PascalJson.Default.String)], cancellationToken);
            return await context.Connection.InvokePositionalAsync(
                "clientEcho", [RpcArgument.Value(text, PascalJson.Default.String)], PascalJson.Default.String, cancellationToken);
        });
        Dispatcher.Add("RaiseTick", PascalJson.Default.Int32, (value, context, _) =>
        {
            Assert.True(context.Connection.TryNotifyPositional("Tick", [RpcArgument.Value(value, PascalJson.Default.Int32)]));
            return ValueTask.CompletedTask;
        });
    }

    private void AddSlowCalls()
    {
        Dispatcher.Add("LongRun", PascalJson.Default.Int32, async (_, _, cancellationToken) =>
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken));

        // Takes no notice of being cancelled: it ends, successfully, after that or after another call.
        Dispatcher.Add("Ignore", PascalJson.Default.Int32, PascalJson.Default.Int32, async (value, _, cancellationToken) =>
        {
            try
            {
                Task other = Finished("Add");
                IgnoreRuns.Release();
                await other.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return value;
            }

            return value;
        });
        Dispatcher.AddPositional("Progress", [s_n, s_p], PascalJson.Default.Int32, (args, _, _) =>
        {
            for (int i = 0; i < args.Get(s_n); i++)
            {
                args.Get(s_p).Report(i * 10);
            }

            return ValueTask.FromResult(args.Get(s_n));
        });
    }

    private void AddStreams()
    {
        AddStream("Count", (n, _) => CountAsync(n), RpcStreamOptions.OnDemand);

        // Recorded with a smallest batch of three, which gave four or three by chance; four gives the recorded bytes always.
        AddStream("CountBatched", (n, _) => CountAsync(n), new RpcStreamOptions { MinBatchSize = 4, MaxReadAhead = 4, MaxBatchSize = 4 });
        AddStream("CountPrefetch", (n, _) => CountAsync(n), RpcStreamOptions.OnDemand with { Prefetch = 2 });
        AddStream("CountThrow", (n, _) => CountAsync(n, thenThrow: true), RpcStreamOptions.OnDemand);
        AddStream("Slow", SlowAsync, RpcStreamOptions.OnDemand);
        Dispatcher.AddPositional("Sum", [s_items], PascalJson.Default.Int32, async (args, _, cancellationToken) =>
        {
            int sum = 0;
            await foreach (int item in args.Get(s_items).WithCancellation(cancellationToken))
            {
                sum += item;
            }

            return sum;
        });
    }

    private void AddStream(string name, Func<int, CancellationToken, IAsyncEnumerable<int>> source, RpcStreamOptions options) =>
        Dispatcher.AddPositionalStream(name, [s_n], PascalJson.Default.Int32, (args, _, stop) => source(args.Get(s_n), stop), options);

    private static async IAsyncEnumerable<int> CountAsync(int n, bool thenThrow = false)
    {
        await Task.CompletedTask;
        for (int i = 1; i <= n; i++)
        {
            yield return i;
        }

        if (thenThrow)
        {
            throw new InvalidOperationException("mid");
        }
    }

    private static async IAsyncEnumerable<int> SlowAsync(int n, [EnumeratorCancellation] CancellationToken stop)
    {
        yield return 1;
        await new TaskCompletionSource().Task.WaitAsync(stop);
        yield return n;
    }
}
