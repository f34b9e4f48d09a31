using System.Text.Json;

namespace Net.Rpc.Tests;

/// <summary>What becomes of calls and streams when a connection ends, and what a failing handler tells.</summary>
public sealed class CloseTests
{
    private readonly RpcDispatcher _dispatcher = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CloseTests()
    {
        _dispatcher.Add("wait", RpcNothing.TypeInfo, async (_, _, stop) =>
        {
            _started.TrySetResult();
            try
            {
                await _go.Task.WaitAsync(stop);
            }
            finally
            {
                _stopped.TrySetResult();
            }
        });
        _dispatcher.Add("fail", RpcNothing.TypeInfo, (_, _, _) => throw new InvalidOperationException("/secret/path"));
    }

    [Fact]
    public async Task Running_methods_are_cancelled_when_the_peer_goes_away()
    {
        await using var rig = new Rig(_dispatcher);
        await rig.Peer.SendAsync("""{"id":1,"method":"wait"}""");
        await Within(_started.Task);
        await rig.Peer.DisposeAsync();
        await Within(_stopped.Task);
        Assert.Equal(RpcCloseReason.PeerClosed, await rig.ClosedAsync());
    }

    [Fact]
    public async Task Calls_that_wait_for_an_answer_fail_when_the_connection_closes()
    {
        await using var rig = new Rig();
        Task<string> call = rig.Connection.InvokePositionalAsync("any", [], CamelJson.Default.String, Stop);
        await rig.Peer.ReadAsync();
        await rig.Peer.DisposeAsync();
        RpcConnectionClosedException closed = await Assert.ThrowsAsync<RpcConnectionClosedException>(() => Within(call));
        Assert.Equal(RpcCloseReason.PeerClosed, closed.Reason);
        await Assert.ThrowsAsync<RpcConnectionClosedException>(() => rig.Connection.InvokePositionalAsync("any", [], CamelJson.Default.String, Stop));
    }

    [Fact]
    public async Task A_graceful_close_lets_running_requests_end_and_refuses_new_ones()
    {
        await using var rig = new Rig(_dispatcher);
        await rig.Peer.SendAsync("""{"id":1,"method":"wait"}""");
        await Within(_started.Task);
        Task closing = rig.Connection.CloseAsync(TimeSpan.FromSeconds(10), Stop);
        Assert.Equal(RpcErrorCodes.ShuttingDown, RawPeer.ErrorCode(await rig.Peer.AskAsync("""{"id":2,"method":"wait"}""")));
        _go.SetResult();
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":null}""", await rig.Peer.ReadAsync());
        Assert.Null(await rig.Peer.TryReadAsync());
        await Within(closing);
        Assert.Equal(RpcCloseReason.Closed, rig.Connection.CloseReason);
    }

    [Fact]
    public async Task A_graceful_close_cancels_what_does_not_end_in_time()
    {
        await using var rig = new Rig(_dispatcher);
        await rig.Peer.SendAsync("""{"id":1,"method":"wait"}""");
        await Within(_started.Task);
        Task closing = rig.Connection.CloseAsync(TimeSpan.FromSeconds(10), Stop);
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        await Within(closing);
        await Within(_stopped.Task);
    }

    [Fact]
    public async Task Nothing_of_an_exception_leaves_the_process_unless_the_mapper_puts_it_there()
    {
        await using var plain = new Rig(_dispatcher);
        await plain.Peer.SendAsync("""{"id":1,"method":"fail"}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"The request failed."}}""", await plain.Peer.ReadAsync());

        var options = new RpcConnectionOptions
        {
            ExceptionMapper = exception => new RpcException(-32050, "Mapped.", RawPeer.Parse($$"""{"errorId":"{{exception.GetType().Name.Length}}"}""")),
        };
        await using var mapped = new Rig(_dispatcher, options);
        JsonElement answer = await mapped.Peer.AskAsync("""{"id":1,"method":"fail"}""");
        Assert.Equal((-32050, "Mapped."), (RawPeer.ErrorCode(answer), RawPeer.ErrorMessage(answer)));
    }

    [Fact]
    public async Task Notifications_run_in_their_order()
    {
        var heard = new List<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _dispatcher.Add("note", CamelJson.Default.Int32, async (value, _, _) =>
        {
            await Task.Yield();
            heard.Add(value);
            if (value == 99)
            {
                all.SetResult();
            }
        });
        await using var rig = new Rig(_dispatcher);
        for (int i = 0; i < 100; i++)
        {
            await rig.Peer.SendAsync($$"""{"method":"note","params":[{{i}}]}""");
        }

        await Within(all.Task);
        Assert.Equal(Enumerable.Range(0, 100), heard);
    }

    [Fact]
    public async Task A_request_with_progress_and_named_members_reports_before_it_ends()
    {
        _dispatcher.AddWithProgress("work", CamelJson.Default.Pair, CamelJson.Default.Int32, CamelJson.Default.Int32, (pair, progress, _, _) =>
        {
            progress.Report(pair.A);
            progress.Report(pair.B);
            return ValueTask.FromResult(pair.A + pair.B);
        });
        (DuplexStream near, DuplexStream far) = DuplexStream.CreatePair();
        await using var server = new RpcConnection(near, _dispatcher);
        await using var client = new RpcConnection(far, new RpcDispatcher());
        server.Start();
        client.Start();
        var sink = new Sink();
        Assert.Equal(3, await Within(client.InvokeAsync(
            "work", new Pair(1, 2), CamelJson.Default.Pair, CamelJson.Default.Int32, sink, CamelJson.Default.Int32, Stop)));
        Assert.Equal([1, 2], sink.Reports);
        Assert.Equal(3, await Within(client.InvokeAsync("work", new Pair(1, 2), CamelJson.Default.Pair, CamelJson.Default.Int32, Stop)));
    }

    [Theory]
    [InlineData(RpcFraming.Header)]
    [InlineData(RpcFraming.LengthHeader)]
    [InlineData(RpcFraming.NewLine)]
    public async Task Every_framing_carries_calls_and_long_streams(RpcFraming framing)
    {
        var options = new RpcConnectionOptions { Framing = framing };
        _dispatcher.Add("echo", CamelJson.Default.Blob, CamelJson.Default.Blob, (blob, _, _) => ValueTask.FromResult(blob));
        _dispatcher.AddStream("count", CamelJson.Default.Int32, CamelJson.Default.Int32, (n, _, _) => CountAsync(n));
        (DuplexStream near, DuplexStream far) = DuplexStream.CreatePair();
        await using var server = new RpcConnection(near, _dispatcher, options);
        await using var client = new RpcConnection(far, new RpcDispatcher(), options);
        server.Start();
        client.Start();
        var blob = new Blob(new string('\u00fc', 300_000), [1, 2], new Point(1, 2));
        Blob back = await Within(client.InvokeAsync("echo", blob, CamelJson.Default.Blob, CamelJson.Default.Blob, Stop));
        Assert.Equal(blob.Text, back.Text);
        long sum = 0;
        await foreach (int item in client.InvokePositionalStreamAsync("count", [RpcArgument.Value(20_000, CamelJson.Default.Int32)], CamelJson.Default.Int32, Stop))
        {
            sum += item;
        }

        Assert.Equal(20_000L * 20_001 / 2, sum);
    }

    private static async IAsyncEnumerable<int> CountAsync(int n)
    {
        await Task.CompletedTask;
        for (int i = 1; i <= n; i++)
        {
            yield return i;
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task Within(Task task) => task.WaitAsync(RawPeer.Patience, TestContext.Current.CancellationToken);

    private static Task<T> Within<T>(Task<T> task) => task.WaitAsync(RawPeer.Patience, TestContext.Current.CancellationToken);

    private sealed class Sink : IProgress<int>
    {
        public List<int> Reports { get; } = [];

        public void Report(int value) => Reports.Add(value);
    }
}
