namespace Net.Rpc.Tests;

/// <summary>Our connection in the role of the recorded client: it must say the recorded bytes.</summary>
public sealed class RecordedClientTests
{
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, Func<RpcConnection, Task>> _actions;

    public RecordedClientTests()
    {
        _actions = new Dictionary<string, Func<RpcConnection, Task>>(StringComparer.Ordinal);
        AddCalls();
        AddErrors();
        AddCancellationAndProgress();
        AddStreams();
    }

    [Fact]
    public async Task The_client_says_the_recorded_bytes_and_understands_the_recorded_answers()
    {
        var dispatcher = new RpcDispatcher();
        dispatcher.Add("clientEcho", PascalJson.Default.String, PascalJson.Default.String, (text, _, _) => ValueTask.FromResult("c:" + text));
        dispatcher.Add("Note", PascalJson.Default.String, (text, _, _) =>
        {
            _notes.Add(text);
            return ValueTask.CompletedTask;
        });
        var ticked = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        dispatcher.Add("Tick", PascalJson.Default.Int32, (value, _, _) =>
        {
            ticked.SetResult(value);
            return ValueTask.CompletedTask;
        });
        (DuplexStream near, DuplexStream far) = DuplexStream.CreatePair();
        await using var connection = new RpcConnection(near, dispatcher, new RpcConnectionOptions { FirstRequestId = 2 });
        await using var peer = new RawPeer(far);
        connection.Start();

        foreach (Section section in Section.Load(TestData.Path("streamjsonrpc.transcript")).Where(section => section.Lines.Count > 0))
        {
            Task action = _actions[section.Title](connection);
            foreach (Line line in section.Lines)
            {
                if (line.IsOfClient)
                {
                    string expected = RawPeer.Frame(line.Json);
                    Assert.Equal((section.Title, expected), (section.Title, await peer.ReadRawAsync(expected.Length)));
                }
                else
                {
                    await peer.SendAsync(line.IsExact ? line.Json : line.Json.Replace("}}", ",\"message\":\"boom\"}}", StringComparison.Ordinal));
                }
            }

            await action.WaitAsync(RawPeer.Patience, TestContext.Current.CancellationToken);
        }

        Assert.Equal(5, await ticked.Task.WaitAsync(RawPeer.Patience, TestContext.Current.CancellationToken));
        Assert.Equal(["n1"], _notes);
    }

    private static RpcArgument Int(int value, string? name = null) => RpcArgument.Value(value, PascalJson.Default.Int32, name);

    private static RpcArgument Text(string value, string? name = null) => RpcArgument.Value(value, PascalJson.Default.String, name);

    private static Task<int> CallIntAsync(RpcConnection connection, string method, params RpcArgument[] arguments) =>
        connection.InvokePositionalAsync(method, arguments, PascalJson.Default.Int32);

    private static Task<string> CallTextAsync(RpcConnection connection, string method, params RpcArgument[] arguments) =>
        connection.InvokePositionalAsync(method, arguments, PascalJson.Default.String);

    private static async Task<int[]> ReadAsync(RpcConnection connection, string method, int n, int most = int.MaxValue)
    {
        var items = new List<int>();
        await foreach (int item in connection.InvokePositionalStreamAsync(method, [Int(n)], PascalJson.Default.Int32))
        {
            items.Add(item);
            if (items.Count == most)
            {
                break;
            }
        }

        return [.. items];
    }

    private static async Task ExpectAsync(int[] expected, Task<int[]> actual) => Assert.Equal(expected, await actual);

    private static async Task ExpectErrorAsync(int code, Task call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RpcException>(() => call)).Code);

    private static async IAsyncEnumerable<int> OneToThreeAsync()
    {
        await Task.CompletedTask;
        yield return 1;
        yield return 2;
        yield return 3;
    }

    private void AddCalls()
    {
        _actions["positional args: Add(2,3)"] = async c => Assert.Equal(5, await CallIntAsync(c, "Add", Int(2), Int(3)));
        _actions["named args: Add{a:2,b:3}"] = async c =>
            Assert.Equal(5, await c.InvokeNamedAsync("Add", [Int(2, "a"), Int(3, "b")], PascalJson.Default.Int32));
        _actions["single object parameter (UseSingleObjectParameterDeserialization)"] = async c =>
            Assert.Equal("n:3", await c.InvokeAsync("single", new Person("n", 3), PascalJson.Default.Person, PascalJson.Default.String));
        _actions["no args: Ping()"] = async c => Assert.Equal("pong", await CallTextAsync(c, "Ping"));
        _actions["void result: Nothing()"] = c => c.InvokePositionalAsync("Nothing", [], RpcNothing.TypeInfo);
        _actions["object argument and object result"] = async c => Assert.Equal(
            new Point(2, 3), await c.InvokePositionalAsync("Move", [RpcArgument.Value(new Point(1, 2), PascalJson.Default.Point)], PascalJson.Default.Point));
        _actions["non-ASCII string"] = async c =>
            Assert.Equal("gr\u00fc\u00dfe \u20ac \u0001 </x> \"q\"", await CallTextAsync(c, "Echo", Text("gr\u00fc\u00dfe \u20ac \u0001 </x> \"q\"")));
        _actions["notification: Note (no id)"] = async c => await c.NotifyPositionalAsync("Hello", [Text("hi")]);
        _actions["notification named args"] = async c => await c.NotifyNamedAsync("Hello", [Text("hi", "who")]);
        _actions["server calls client: CallBack"] = async c => Assert.Equal("c:z", await CallTextAsync(c, "CallBack", Text("z")));
        _actions["server event -> notification"] = c => c.InvokePositionalAsync("RaiseTick", [Int(5)], RpcNothing.TypeInfo);
        _actions["two requests in flight answered out of order"] = async c =>
        {
            Task<int> first = CallIntAsync(c, "Ignore", Int(300));
            Task<int> second = CallIntAsync(c, "Add", Int(1), Int(1));
            Assert.Equal(2, await second);
            Assert.Equal(300, await first);
        };
    }

    private void AddErrors()
    {
        _actions["method not found"] = c => ExpectErrorAsync(-32601, CallIntAsync(c, "NoSuch", Int(1)));
        _actions["wrong argument count"] = c => ExpectErrorAsync(-32602, CallIntAsync(c, "Add", Int(1)));
        _actions["wrong argument type"] = c => ExpectErrorAsync(
            -32602, CallIntAsync(c, "Add", Text("x"), RpcArgument.Value((int[])[1], PascalJson.Default.Int32Array)));
        _actions["server exception"] = c => ExpectErrorAsync(-32000, CallIntAsync(c, "Throw"));
        _actions["LocalRpcException with code and data"] = async c =>
        {
            RpcException error = await Assert.ThrowsAsync<RpcException>(() => CallIntAsync(c, "ThrowRpc"));
            Assert.Equal((4711, "custom"), (error.Code, error.Message));
            Assert.Equal("x", error.ErrorData!.Value.GetProperty("why").GetString());
        };
    }

    private void AddCancellationAndProgress()
    {
        _actions["cancellation: LongRun(60000) cancelled by client after 300 ms"] = async c =>
        {
            using var cancel = new CancellationTokenSource();
            Task call = c.InvokePositionalAsync("LongRun", [Int(60000)], RpcNothing.TypeInfo, cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        };
        _actions["cancellation that comes too late (server ignores the token)"] = async c =>
        {
            using var cancel = new CancellationTokenSource();
            Task<int> call = c.InvokePositionalAsync("Ignore", [Int(400)], PascalJson.Default.Int32, cancel.Token);
            await cancel.CancelAsync();
            Assert.Equal(400, await call);
        };
        _actions["progress: Progress(3, IProgress<int>) positional"] = async c =>
        {
            var sink = new ListSink();
            Assert.Equal(3, await CallIntAsync(c, "Progress", Int(3), RpcArgument.Progress(sink, PascalJson.Default.Int32)));
            Assert.Equal([0, 10, 20], sink.Reports);
        };
        _actions["progress: named args"] = async c =>
        {
            var sink = new ListSink();
            RpcArgument[] arguments = [Int(2, "n"), RpcArgument.Progress(sink, PascalJson.Default.Int32, "p")];
            Assert.Equal(2, await c.InvokeNamedAsync("Progress", arguments, PascalJson.Default.Int32));
            Assert.Equal([0, 10], sink.Reports);
        };
    }

    private void AddStreams()
    {
        _actions["IAsyncEnumerable result: Count(3), default settings"] = c => ExpectAsync([1, 2, 3], ReadAsync(c, "Count", 3));
        _actions["IAsyncEnumerable result: CountBatched(7) MinBatchSize=3 MaxReadAhead=4"] = c => ExpectAsync([1, 2, 3, 4, 5, 6, 7], ReadAsync(c, "CountBatched", 7));
        _actions["IAsyncEnumerable result: CountPrefetch(5) Prefetch=2"] = c => ExpectAsync([1, 2, 3, 4, 5], ReadAsync(c, "CountPrefetch", 5));
        _actions["IAsyncEnumerable result: CountPrefetch(1) Prefetch=2 (ends within the prefetch)"] = async c =>
            await ExpectAsync([1], ReadAsync(c, "CountPrefetch", 1));
        _actions["IAsyncEnumerable: consumer stops early (abort)"] = c => ExpectAsync([1, 2], ReadAsync(c, "Count", 100, most: 2));
        _actions["IAsyncEnumerable: consumer cancels with a token"] = async c =>
        {
            using var cancel = new CancellationTokenSource();
            await using IAsyncEnumerator<int> items =
                c.InvokePositionalStreamAsync("Slow", [Int(100)], PascalJson.Default.Int32, cancel.Token).GetAsyncEnumerator();
            Assert.True(await items.MoveNextAsync());
            Task<bool> next = items.MoveNextAsync().AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        };
        _actions["IAsyncEnumerable: server throws in the middle"] = c => ExpectErrorAsync(-32000, ReadAsync(c, "CountThrow", 2));
        _actions["IAsyncEnumerable as argument: Sum(enum of 1..3)"] = async c => Assert.Equal(
            6, await CallIntAsync(c, "Sum", RpcArgument.Stream(OneToThreeAsync(), PascalJson.Default.Int32, RpcStreamOptions.OnDemand)));
    }

    private sealed class ListSink : IProgress<int>
    {
        public List<int> Reports { get; } = [];

        public void Report(int value) => Reports.Add(value);
    }
}
