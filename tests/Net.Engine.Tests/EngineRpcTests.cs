using System.Net.Sockets;
using System.Text.Json;
using Net.Client;
using Net.Contracts;

namespace Net.Engine.Tests;

public sealed class EngineRpcTests
{
    private const string HelloText = """{"jsonrpc":"2.0","id":1,"method":"engine.hello","params":{"protocolVersion":"1.0","clientName":"raw","clientVersion":"1"}}""";

    [Fact]
    public async Task A_client_says_hello_and_works()
    {
        await using RunningEngine engine = await RunningEngine.StartAsync();
        await using EngineClient client = await engine.ConnectAsync();
        Assert.Equal((EngineRole.Admin, "root", EngineApi.ProtocolVersion), (client.Hello.Role, client.Hello.User, client.Hello.ProtocolVersion));
        FirewallRulesChanged created = await client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([EngineRig.Rule("web")]), EngineRig.Token);
        Assert.Equal(1, created.Rules[0].Id);
        EngineStatus status = await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), EngineRig.Token);
        Assert.Equal((EngineState.Ready, 1L, 1), (status.State, status.Generation, status.ClientCount));
        Assert.Equal("web", Assert.Single(await client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), EngineRig.Token)).Name);
        Assert.Contains("\"methods\"", (await client.CallAsync(EngineApi.EngineSchema, new GetApiSchema(), EngineRig.Token)).Text, StringComparison.Ordinal);
        EngineException refused = await EngineRig.Refused(ErrorCatalogue.FirewallRuleExists, () => client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([EngineRig.Rule("web")]), EngineRig.Token));
        Assert.Equal(("web", ErrorCode.AlreadyExists), (refused.Target, refused.Code));
        await client.CallAsync(EngineApi.EngineStop, new StopEngine(Remove: true), EngineRig.Token);
        Assert.True(await engine.Engine.StopRequested);
        await engine.Engine.StopAsync(remove: true);
        Assert.False(engine.Parts.Firewall.HasTable);
        Assert.False(File.Exists(engine.Options.SocketPath));
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("0.9")]
    [InlineData("1")]
    [InlineData("")]
    public async Task Another_protocol_version_gets_one_error_that_names_both(string version)
    {
        await using RunningEngine engine = await RunningEngine.StartAsync();
        await using NetworkStream stream = await engine.ConnectRawAsync();
        await RunningEngine.SendAsync(stream, HelloText.Replace("\"1.0\"", $"\"{version}\"", StringComparison.Ordinal));
        JsonElement error = (await RunningEngine.ReadAsync(stream))!.Value.GetProperty("error");
        Assert.Equal("ProtocolVersionMismatch", error.GetProperty("data").GetProperty("errorId").GetString());
        Assert.Contains($"speaks protocol {version};", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains($"speaks {EngineApi.ProtocolVersion}.", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_before_hello_is_refused()
    {
        await using RunningEngine engine = await RunningEngine.StartAsync();
        await using NetworkStream stream = await engine.ConnectRawAsync();
        await RunningEngine.SendAsync(stream, """{"jsonrpc":"2.0","id":1,"method":"engine.status","params":{}}""");
        Assert.Equal("HelloRequired", ErrorId(await RunningEngine.ReadAsync(stream)));
    }

    [Fact]
    public async Task A_caller_without_the_role_is_refused_and_the_refusal_recorded()
    {
        await using RunningEngine engine = await RunningEngine.StartAsync();
        engine.Host.CallerUserId = 1000;
        engine.Host.CallerGroups = [900];
        engine.Host.CallerName = "rita";
        await using EngineClient reader = await engine.ConnectAsync();
        Assert.Equal(EngineRole.Reader, reader.Hello.Role);
        Assert.Empty(await reader.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), EngineRig.Token));
        EngineException refused = await EngineRig.Refused(ErrorCatalogue.RoleRequired, () => reader.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([EngineRig.Rule("web")]), EngineRig.Token));
        Assert.Equal(ErrorCode.PermissionDenied, refused.Code);
        EngineEvent audited = Assert.Single(await reader.CallAsync(EngineApi.EventsList, new ListEvents(EventIds: ["PermissionDenied"]), EngineRig.Token));
        Assert.Equal(("rita", "firewall.createRules"), (audited.Actor, audited.Target));

        engine.Host.CallerGroups = [];
        await using EngineClient nobody = await engine.ConnectAsync();
        Assert.Equal(EngineRole.None, nobody.Hello.Role);
        await EngineRig.Refused(ErrorCatalogue.RoleRequired, () => nobody.CallAsync(EngineApi.EngineStatus, new GetStatus(), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.RoleRequired, async () => await nobody.StreamAsync(EngineApi.EventsWatch, new WatchEvents(), EngineRig.Token).GetAsyncEnumerator(EngineRig.Token).MoveNextAsync());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":2,"method":"engine.dance","params":{}}""", "-32601")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"method":"firewall.listRules","params":{"names":5}}""", "-32602")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"method":"firewall.listRules","params":{"nmaes":[]}}""", "-32602")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"method":"firewall.listRules","params":{"names":[null]}}""", "ArgumentInvalid")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"method":"firewall.createRules","params":{"rules":[null]}}""", "ArgumentInvalid")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"method":"firewall.createRules","params":{"rules":[{"name":"a","interfaceAlias":[null]}]}}""", "ArgumentInvalid")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"method":"firewall.createRules","params":{}}""", "-32602")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"method":"configuration.apply","params":{"document":{"paths":null}}}""", "-32602")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"method":"configuration.get","params":{"generation":99999}}""", "GenerationNotFound")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"method":"configuration.import","params":{"text":"[[[["}}""", "ConfigurationUnreadable")]
    public async Task What_makes_no_sense_gets_a_clear_error_and_the_engine_serves_on(string request, string expected)
    {
        await using RunningEngine engine = await RunningEngine.StartAsync();
        await using NetworkStream stream = await engine.ConnectRawAsync();
        await RunningEngine.SendAsync(stream, HelloText);
        Assert.True((await RunningEngine.ReadAsync(stream))!.Value.TryGetProperty("result", out _));
        await RunningEngine.SendAsync(stream, request);
        JsonElement? answer = await RunningEngine.ReadAsync(stream);
        Assert.Equal(expected, expected[0] == '-' ? answer!.Value.GetProperty("error").GetProperty("code").GetRawText() : ErrorId(answer));
        await RunningEngine.SendAsync(stream, """{"jsonrpc":"2.0","id":3,"method":"engine.status","params":{}}""");
        Assert.True((await RunningEngine.ReadAsync(stream))!.Value.TryGetProperty("result", out _));
    }

    [Theory]
    [InlineData("Content-Length: 1073741824\r\n\r\n", "{")]
    [InlineData("Content-Length: 5\r\n\r\n", "{oops")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "")]
    [InlineData("Content-Length: -5\r\n\r\n", "")]
    public async Task What_is_no_message_closes_its_own_connection_only(string head, string body)
    {
        await using RunningEngine engine = await RunningEngine.StartAsync();
        await using EngineClient other = await engine.ConnectAsync();
        await using NetworkStream stream = await engine.ConnectRawAsync();
        await RunningEngine.SendAsync(stream, body, head);
        while (await RunningEngine.ReadAsync(stream) is { } answer)
        {
            Assert.True(answer.TryGetProperty("error", out _));
            if (body == "{oops")
            {
                break;
            }
        }

        Assert.Equal(EngineState.Ready, (await other.CallAsync(EngineApi.EngineStatus, new GetStatus(), EngineRig.Token)).State);
    }

    [Fact]
    public async Task A_client_that_never_reads_its_events_harms_nobody()
    {
        await using RunningEngine engine = await RunningEngine.StartAsync();
        await using NetworkStream deaf = await engine.ConnectRawAsync();
        await RunningEngine.SendAsync(deaf, HelloText);
        await RunningEngine.SendAsync(deaf, """{"jsonrpc":"2.0","id":2,"method":"events.watch","params":{}}""");
        engine.Host.CallerUserId = 1000;
        await using EngineClient noisy = await engine.ConnectAsync();
        for (int batch = 0; batch < 100; batch++)
        {
            // Each refused call is an event.
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Assert.ThrowsAsync<EngineException>(() => noisy.CallAsync(EngineApi.EngineStatus, new GetStatus(), EngineRig.Token))));
        }

        engine.Host.CallerUserId = 0;
        await using EngineClient client = await engine.ConnectAsync();
        Assert.True(Assert.Single(await client.CallAsync(EngineApi.EventsList, new ListEvents(Newest: 1), EngineRig.Token)).Sequence > 10_000);
    }

    [Fact]
    public async Task A_peer_that_cannot_be_identified_is_refused_and_the_next_one_served()
    {
        await using RunningEngine engine = await RunningEngine.StartAsync();
        engine.Host.FailsToIdentify = true;
        await using NetworkStream stream = await engine.ConnectRawAsync();
        Assert.Null(await RunningEngine.ReadAsync(stream));
        await using EngineClient client = await engine.ConnectAsync();
        Assert.Equal("root", client.Hello.User);
    }

    [Fact]
    public async Task The_socket_is_for_its_group_and_only_in_a_folder_others_cannot_write_to()
    {
        await using RunningEngine engine = await RunningEngine.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(engine.Options.SocketPath));
        using var folder = new TemporaryFolder();
        string open = Directory.CreateDirectory(folder.Sub("open")).FullName;
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        EngineException wide = Assert.Throws<EngineException>(() => Net.Engine.Rpc.EngineSocket.Open(Path.Combine(open, "e.sock"), _ => null, engine.Parts.Events));
        Assert.Equal(ErrorCatalogue.PermissionsTooWide.Id, wide.ErrorId);
        EngineException taken = Assert.Throws<EngineException>(() => Net.Engine.Rpc.EngineSocket.Open(engine.Options.SocketPath, _ => null, engine.Parts.Events));
        Assert.Equal(ErrorCatalogue.EngineAlreadyRuns.Id, taken.ErrorId);
    }

    private static string? ErrorId(JsonElement? answer) => answer!.Value.GetProperty("error").GetProperty("data").GetProperty("errorId").GetString();
}
