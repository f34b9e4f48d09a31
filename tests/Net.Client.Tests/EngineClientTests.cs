using System.Net.Sockets;
using Net.Contracts;
using Net.Rpc;

namespace Net.Client.Tests;

public sealed class EngineClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nmc").FullName;
    private readonly TaskCompletionSource _never = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string SocketPath => Path.Combine(_folder, "e.sock");

    [Fact]
    public async Task An_engine_that_is_not_there_is_said_with_the_place()
    {
        EngineException missing = await Assert.ThrowsAsync<EngineException>(() => ConnectAsync());
        Assert.Equal((ErrorCatalogue.EngineNotReachable.Id, SocketPath), (missing.ErrorId, missing.Target));
        using (Listen())
        {
        }

        Assert.Equal(ErrorCatalogue.EngineNotReachable.Id, (await Assert.ThrowsAsync<EngineException>(() => ConnectAsync())).ErrorId);
        EngineException odd = await Assert.ThrowsAsync<EngineException>(() => EngineClient.ConnectAsync(new EngineClientOptions { SocketPath = new string('x', 300) }, Token));
        Assert.Equal(ErrorCatalogue.EngineNotReachable.Id, odd.ErrorId);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_given_up_in_time()
    {
        using Socket listener = Listen();
        Task<EngineClient> connecting = ConnectAsync(TimeSpan.FromSeconds(1));
        using Socket accepted = await listener.AcceptAsync(Token);
        Assert.NotEqual(0, await accepted.ReceiveAsync(new byte[1000], Token));
        EngineException exception = await Assert.ThrowsAsync<EngineException>(() => connecting);
        Assert.Equal(ErrorCatalogue.EngineNotReachable.Id, exception.ErrorId);
        Assert.Contains("did not answer within", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Giving_up_is_no_failure_of_the_engine()
    {
        using Socket listener = Listen();
        using var source = new CancellationTokenSource();
        Task<EngineClient> connecting = EngineClient.ConnectAsync(new EngineClientOptions { SocketPath = SocketPath, ConnectTimeout = TimeSpan.FromMinutes(1) }, source.Token);
        using Socket accepted = await listener.AcceptAsync(Token);
        Assert.NotEqual(0, await accepted.ReceiveAsync(new byte[1000], Token));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_said_as_an_engine_that_does_not_answer()
    {
        await File.WriteAllTextAsync(SocketPath, "not a socket", Token);

        Assert.Equal(ErrorCatalogue.EngineNotReachable.Id, (await Assert.ThrowsAsync<EngineException>(() => ConnectAsync())).ErrorId);
    }

    [Fact]
    public async Task Errors_of_the_protocol_itself_become_errors_of_the_catalogue()
    {
        (RpcConnection engine, EngineClient client) = await PairAsync();
        await using (engine)
        await using (client)
        {
            EngineException unknown = await Assert.ThrowsAsync<EngineException>(() => client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), Token));
            EngineException odd = await Assert.ThrowsAsync<EngineException>(() => client.CallAsync(EngineApi.SecretsSet, new SetSecret("a", "b"), Token));

            Assert.Equal((ErrorCatalogue.MethodNotFound.Id, ErrorCode.NotSupported), (unknown.ErrorId, unknown.Code));
            Assert.Equal((ErrorCatalogue.InternalFault.Id, "odd"), (odd.ErrorId, odd.Message));
        }
    }

    [Fact]
    public async Task A_connection_lost_during_a_call_is_said()
    {
        (RpcConnection engine, EngineClient client) = await PairAsync();
        Task<EngineStatus> call = client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);
        await engine.DisposeAsync();
        Assert.Equal(ErrorCatalogue.ConnectionLost.Id, (await Assert.ThrowsAsync<EngineException>(() => call)).ErrorId);
        await client.Closed;
        Assert.False(client.IsConnected);
        Assert.Equal(ErrorCatalogue.ConnectionLost.Id, (await Assert.ThrowsAsync<EngineException>(() => client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token))).ErrorId);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_lost_during_a_stream_is_said()
    {
        (RpcConnection engine, EngineClient client) = await PairAsync();
        await using IAsyncEnumerator<EngineEvent> items = client.StreamAsync(EngineApi.EventsWatch, new WatchEvents(), Token).GetAsyncEnumerator(Token);
        Assert.True(await items.MoveNextAsync());
        ValueTask<bool> next = items.MoveNextAsync();
        await engine.DisposeAsync();
        Assert.Equal(ErrorCatalogue.ConnectionLost.Id, (await Assert.ThrowsAsync<EngineException>(next.AsTask)).ErrorId);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Ending_a_stream_early_ends_the_engines_work()
    {
        (RpcConnection engine, EngineClient client) = await PairAsync();
        await foreach (EngineEvent item in client.StreamAsync(EngineApi.EventsWatch, new WatchEvents(), Token))
        {
            Assert.Equal("First", item.EventId);
            break;
        }

        await _never.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        await client.DisposeAsync();
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Errors_of_the_engine_keep_id_target_and_advice_and_others_get_ours()
    {
        (RpcConnection engine, EngineClient client) = await PairAsync();
        EngineException known = await Assert.ThrowsAsync<EngineException>(() => client.CallAsync(EngineApi.SecretsRemove, new RemoveSecret("x"), Token));
        Assert.Equal(("SecretNotFound", ErrorCode.NotFound, "x", "do this"), (known.ErrorId, known.Code, known.Target, known.RecommendedAction));
        EngineException unknown = await Assert.ThrowsAsync<EngineException>(() => client.CallAsync(EngineApi.SecretsList, new ListSecrets(), Token));
        Assert.Equal((ErrorCatalogue.MethodNotFound.Id, ErrorCode.NotSupported), (unknown.ErrorId, unknown.Code));
        EngineException unreadable = await Assert.ThrowsAsync<EngineException>(() => client.CallAsync(EngineApi.ConfigurationGenerations, new ListGenerations(), Token));
        Assert.Equal(ErrorCatalogue.ProtocolVersionMismatch.Id, unreadable.ErrorId);
        await client.DisposeAsync();
        await engine.DisposeAsync();
    }

    [Theory]
    [InlineData("web", true, "WEB", true)]
    [InlineData("web*", false, "Webserver", true)]
    [InlineData("w?b", false, "wab", true)]
    [InlineData("w?b", false, "web1", false)]
    [InlineData("", true, "web", false)]
    public void Names_match_without_regard_to_case(string pattern, bool isLiteral, string name, bool matches)
    {
        var names = new NamePattern(pattern);
        Assert.Equal((isLiteral, matches, pattern), (names.IsLiteral, names.Matches(name), names.ToString()));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<EngineClient> ConnectAsync(TimeSpan? timeout = null) =>
        EngineClient.ConnectAsync(new EngineClientOptions { SocketPath = SocketPath, ConnectTimeout = timeout ?? TimeSpan.FromSeconds(50) }, Token);

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        return listener;
    }

    // An engine that knows hello, never answers a status, and streams one event and then none.
    private async Task<(RpcConnection Engine, EngineClient Client)> PairAsync()
    {
        using Socket listener = Listen();
        var methods = new RpcDispatcher();
        methods.Add(EngineApi.EngineHello.Name, EngineApi.EngineHello.Request, EngineApi.EngineHello.Result, (_, _, _) => ValueTask.FromResult(new HelloReply("1.0", "0", EngineRole.Admin, "me")));
        methods.Add(EngineApi.EngineStatus.Name, EngineApi.EngineStatus.Request, EngineApi.EngineStatus.Result, async (_, _, token) =>
        {
            await _never.Task.WaitAsync(token);
            throw new InvalidOperationException();
        });
        methods.Add(EngineApi.SecretsRemove.Name, EngineApi.SecretsRemove.Request, EngineApi.SecretsRemove.Result, (request, _, _) => throw new RpcException(
            1000, "no", System.Text.Json.JsonSerializer.SerializeToElement(new EngineErrorData("SecretNotFound", ErrorCode.NotFound, request.Name, "do this"), Contracts.Json.ContractsJsonContext.Default.EngineErrorData)));
        methods.Add(EngineApi.ConfigurationGenerations.Name, EngineApi.ConfigurationGenerations.Request, EngineApi.EngineSchema.Result, (_, _, _) => ValueTask.FromResult(new TextReply("not a list")));
        methods.Add(EngineApi.SecretsSet.Name, EngineApi.SecretsSet.Request, EngineApi.SecretsSet.Result, (_, _, _) => throw new RpcException(
            -32000, "odd", System.Text.Json.JsonDocument.Parse("""{"stack":"of another program"}""").RootElement));
        methods.AddStream(EngineApi.EventsWatch.Name, EngineApi.EventsWatch.Request, EngineApi.EventsWatch.Item, (_, _, token) => EventsAsync(token));
        Task<EngineClient> connecting = ConnectAsync();
        Socket accepted = await listener.AcceptAsync(Token);
        var engine = new RpcConnection(new NetworkStream(accepted, ownsSocket: true), methods);
        engine.Start();
        return (engine, await connecting);
    }

    private async IAsyncEnumerable<EngineEvent> EventsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return new EngineEvent { EventId = "First", Area = "engine", Message = "one" };
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _never.TrySetResult();
        }
    }
}
