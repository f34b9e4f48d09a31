using System.Text.Json;

namespace Net.Rpc.Tests;

/// <summary>Peers that break the protocol, send too much, read too little or fall silent.</summary>
public sealed class LimitTests
{
    private static readonly string s_long = new('x', 20_000);
    private static readonly Blob s_blob = new(s_long, [], null);

    [Theory]
    [InlineData("Content-Length: 1073741824\r\n\r\n{", RpcCloseReason.MessageTooLarge)]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n{", RpcCloseReason.MessageTooLarge)]
    [InlineData("Content-Length: -1\r\n\r\n{", RpcCloseReason.BadHeader)]
    [InlineData("Content-Length: x\r\n\r\n{", RpcCloseReason.BadHeader)]
    [InlineData("Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", RpcCloseReason.BadHeader)]
    [InlineData("content-length: 2\r\n\r\n{}", RpcCloseReason.BadHeader)]
    [InlineData("Content-Length: 2\n\n{}", RpcCloseReason.BadHeader)]
    [InlineData("X-Other: 2\r\n\r\n{}", RpcCloseReason.BadHeader)]
    [InlineData("no colon\r\n\r\n", RpcCloseReason.BadHeader)]
    [InlineData("Content-Length: 0\r\n\r\n", RpcCloseReason.BadMessage)]
    [InlineData("Content-Length: 2\r\n\r\n{}", RpcCloseReason.BadMessage)]
    [InlineData("Content-Length: 1\r\n\r\n7", RpcCloseReason.BadMessage)]
    [InlineData("Content-Length: 2\r\n\r\n{x", RpcCloseReason.BadMessage)]
    [InlineData("Content-Length: 2\r\n\r\n[]", RpcCloseReason.Batch)]
    [InlineData("Content-Length: 14\r\n\r\n{\"method\":\"a\"}x", RpcCloseReason.Truncated)]
    [InlineData("Content-Length: 15\r\n\r\n{\"method\":\"a\"}x", RpcCloseReason.BadMessage)]
    [InlineData("Content-Length: 12\r\n\r\n{\"method\":7}", RpcCloseReason.BadMessage)]
    [InlineData("Content-Length: 12\r\n\r\n{\"result\":1}", RpcCloseReason.BadMessage)]
    [InlineData("Content-Length: 19\r\n\r\n{\"id\":1,\"result\":1}", RpcCloseReason.UnexpectedResponse)]
    [InlineData("Content-Length: 32\r\n\r\n{\"jsonrpc\":\"1.0\",\"method\":\"abc\"}", RpcCloseReason.BadMessage)]
    public async Task A_peer_that_breaks_the_protocol_is_closed_with_the_reason(string bytes, RpcCloseReason reason)
    {
        await using var rig = new Rig();
        await rig.Peer.SendRawAsync(bytes);
        if (reason == RpcCloseReason.Truncated)
        {
            await rig.Peer.DisposeAsync();
        }

        Assert.Equal(reason, await rig.ClosedAsync());
    }

    [Fact]
    public async Task A_header_without_end_is_not_collected_for_ever()
    {
        await using var rig = new Rig();
        await rig.Peer.SendRawAsync(s_long);
        Assert.Equal(RpcCloseReason.BadHeader, await rig.ClosedAsync());
    }

    [Fact]
    public async Task A_message_in_single_bytes_and_unknown_headers_are_taken()
    {
        await using var rig = new Rig();
        string message = "X-Other: 1\r\n" + RawPeer.Frame("""{"id":1,"method":"none"}""");
        foreach (byte one in System.Text.Encoding.UTF8.GetBytes(message))
        {
            await rig.Peer.SendRawAsync(new byte[] { one });
        }

        Assert.Equal(RpcErrorCodes.MethodNotFound, RawPeer.ErrorCode(RawPeer.Parse(await rig.Peer.ReadAsync())));
    }

    [Fact]
    public async Task A_peer_that_never_reads_is_closed_as_slow()
    {
        var dispatcher = new RpcDispatcher();
        await using var rig = new Rig(dispatcher, new RpcConnectionOptions { MaxOutgoingBytes = 100_000 }, bytesHeld: 16 * 1024);
        int sent = 0;
        while (rig.Connection.TryNotify("event", s_blob, CamelJson.Default.Blob))
        {
            sent++;
        }

        Assert.InRange(sent, 4, 12);
        Assert.True(rig.Connection.TryNotify("state", s_blob, CamelJson.Default.Blob, coalesceKey: "a"));
        ValueTask waiting = rig.Connection.NotifyAsync("event", s_blob, CamelJson.Default.Blob, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        rig.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(RpcCloseReason.SlowPeer, await rig.ClosedAsync());
        await Assert.ThrowsAsync<RpcConnectionClosedException>(async () => await waiting);
    }

    [Fact]
    public async Task Only_the_latest_notification_of_a_key_waits_for_a_peer_that_is_behind()
    {
        await using var rig = new Rig(null, new RpcConnectionOptions { MaxOutgoingBytes = 100_000 }, bytesHeld: 16 * 1024);
        while (rig.Connection.TryNotify("event", s_blob, CamelJson.Default.Blob))
        {
        }

        for (int i = 1; i <= 5; i++)
        {
            Assert.True(rig.Connection.TryNotifyPositional("state", [RpcArgument.Value(i, CamelJson.Default.Int32)], "state"));
        }

        string message;
        do
        {
            message = await rig.Peer.ReadAsync();
        }
        while (message.Contains("event", StringComparison.Ordinal));

        Assert.Equal("""{"jsonrpc":"2.0","method":"state","params":[5]}""", message);
    }

    [Fact]
    public async Task A_peer_that_is_silent_for_too_long_is_closed()
    {
        await using var rig = new Rig(null, new RpcConnectionOptions { IdleTimeout = TimeSpan.FromMinutes(1) });
        rig.Clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(RpcCloseReason.None, rig.Connection.CloseReason);
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(RpcCloseReason.IdleTimeout, await rig.ClosedAsync());
    }

    [Fact]
    public async Task A_half_open_peer_is_found_by_a_keep_alive_request()
    {
        await using var rig = new Rig(null, new RpcConnectionOptions { KeepAliveInterval = TimeSpan.FromMinutes(1), FirstRequestId = 5 });
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("""{"jsonrpc":"2.0","id":5,"method":"$/keepAlive","params":{}}""", await rig.Peer.ReadAsync());
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RpcCloseReason.NotResponding, await rig.ClosedAsync());
    }

    [Fact]
    public async Task A_message_that_begins_and_never_ends_closes_the_connection()
    {
        var received = new ByteCounter();
        await using var rig = new Rig(null, new RpcConnectionOptions { Observer = received });
        await rig.Peer.SendRawAsync("Content-Length: 100\r\n\r\n{");
        await received.Arrived.Task.WaitAsync(RawPeer.Patience, TestContext.Current.CancellationToken);

        // The timer is armed when the next read begins, just after the bytes were counted.
        while (!rig.Connection.Completion.IsCompleted)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }

        Assert.Equal(RpcCloseReason.IdleTimeout, await rig.ClosedAsync());
    }

    [Fact]
    public async Task More_requests_than_may_run_wait_for_their_turn()
    {
        var dispatcher = new RpcDispatcher();
        using var started = new SemaphoreSlim(0);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int running = 0;
        int most = 0;
        dispatcher.Add("wait", RpcNothing.TypeInfo, async (_, _, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            started.Release();
            await go.Task;
            Interlocked.Decrement(ref running);
        });
        await using var rig = new Rig(dispatcher, new RpcConnectionOptions { MaxInFlight = 2 });
        Task sending = SendAllAsync(rig.Peer, 50);
        await started.WaitAsync(RawPeer.Patience, TestContext.Current.CancellationToken);
        await started.WaitAsync(RawPeer.Patience, TestContext.Current.CancellationToken);
        go.SetResult();
        await sending;
        for (int i = 0; i < 50; i++)
        {
            Assert.True(RawPeer.Parse(await rig.Peer.ReadAsync()).TryGetProperty("result", out _));
        }

        Assert.Equal(2, most);
    }

    [Fact]
    public async Task An_id_in_use_and_too_many_streams_are_refused()
    {
        var dispatcher = new RpcDispatcher();
        dispatcher.Add("wait", RpcNothing.TypeInfo, async (_, _, stop) => await new TaskCompletionSource().Task.WaitAsync(stop));
        dispatcher.AddStream("watch", RpcNothing.TypeInfo, CamelJson.Default.Int32, (_, _, stop) => NeverAsync(stop));
        await using var rig = new Rig(dispatcher, new RpcConnectionOptions { MaxStreams = 2 });
        await rig.Peer.SendAsync("""{"id":1,"method":"wait"}""");
        Assert.Equal(RpcErrorCodes.InvalidRequest, RawPeer.ErrorCode(await rig.Peer.AskAsync("""{"id":1,"method":"wait"}""")));
        Assert.True((await rig.Peer.AskAsync("""{"id":2,"method":"watch"}""")).TryGetProperty("result", out _));
        Assert.True((await rig.Peer.AskAsync("""{"id":3,"method":"watch"}""")).TryGetProperty("result", out _));
        Assert.Equal(RpcErrorCodes.Busy, RawPeer.ErrorCode(await rig.Peer.AskAsync("""{"id":4,"method":"watch"}""")));
        JsonElement aborted = await rig.Peer.AskAsync("""{"id":5,"method":"$/enumerator/abort","params":{"token":1}}""");
        Assert.Equal(JsonValueKind.Null, aborted.GetProperty("result").ValueKind);
        Assert.True((await rig.Peer.AskAsync("""{"id":6,"method":"watch"}""")).TryGetProperty("result", out _));
        JsonElement gone = await rig.Peer.AskAsync("""{"id":7,"method":"$/enumerator/next","params":[1]}""");
        Assert.Equal((RpcErrorCodes.NoSuchStream, "This remote object no longer exists."), (RawPeer.ErrorCode(gone), RawPeer.ErrorMessage(gone)));
    }

    [Fact]
    public async Task A_result_larger_than_a_message_becomes_an_error()
    {
        var dispatcher = new RpcDispatcher();
        dispatcher.Add("big", RpcNothing.TypeInfo, CamelJson.Default.String, (_, _, _) => ValueTask.FromResult(s_long));
        await using var rig = new Rig(dispatcher, new RpcConnectionOptions { MaxMessageBytes = 10_000 });
        Assert.Equal(RpcErrorCodes.ServerError, RawPeer.ErrorCode(await rig.Peer.AskAsync("""{"id":1,"method":"big"}""")));
    }

    private static async Task SendAllAsync(RawPeer peer, int count)
    {
        for (int i = 1; i <= count; i++)
        {
            await peer.SendAsync($$"""{"id":{{i}},"method":"wait"}""");
        }
    }

    private static async IAsyncEnumerable<int> NeverAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await new TaskCompletionSource().Task.WaitAsync(stop);
        yield return 1;
    }

    private sealed class ByteCounter : IRpcObserver
    {
        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void BytesReceived(RpcConnection connection, int count) => Arrived.TrySetResult();
    }
}
