using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Net.Client;
using Net.Contracts;

namespace Net.Service.Tests;

/// <summary>Clients that break the protocol: each gets a clear error or a closed connection, and the others do not notice.</summary>
public sealed partial class HostileClientTests : IAsyncLifetime
{
    // What the heap may swing by itself while a few thousand messages pass.
    private const long FewMegabytes = 12 * 1024;

    private readonly EngineFolder _folder = new();
    private Lab.Lab? _lab;
    private EngineProcess? _engine;
    private EngineClient? _client;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _lab = await TestHost.PairAsync();
        _engine = await EngineProcess.StartAsync(_lab.Node("left"), _folder);
        _client = await _engine.ConnectAsync();
        FirewallRule[] rules = [.. Enumerable.Range(1, 300).Select(number => Rules.BlockTcp(string.Create(CultureInfo.InvariantCulture, $"rule {number}"), (ushort)(1000 + number)))];
        await _client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(rules), Token);
    }

    [Theory]
    [InlineData("Content-Length: 20\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\"")]
    [InlineData("Content-Length: 8\r\n\r\nnot json")]
    [InlineData("Content-Length: 2\r\n\r\n[]")]
    [InlineData("Content-Length: 1073741824\r\n\r\n{")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n{")]
    [InlineData("Content-Length: -1\r\n\r\n{}")]
    [InlineData("GET / HTTP/1.1\r\nHost: engine\r\n\r\n")]
    [InlineData("\0\u0001\u0002\r\n\r\n")]
    public async Task What_is_not_the_protocol_closes_the_connection(string bytes)
    {
        using Socket socket = await OpenAsync();

        string answer = await Agent.RawHttp.ExchangeAsync(socket, Encoding.UTF8.GetBytes(bytes), Token);

        Assert.DoesNotContain("result", answer, StringComparison.Ordinal);
        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_head_without_an_end_is_not_kept_for_ever()
    {
        using Socket socket = await OpenAsync();
        byte[] line = Encoding.UTF8.GetBytes("X-Padding: " + new string('x', 4000) + "\r\n");

        // 64 MB of head; the engine hangs up long before.
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            for (int sent = 0; sent < 16_000; sent++)
            {
                await socket.SendAsync(line, Token);
            }
        });
        await AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"engine.status","params":{}}""", "HelloRequired")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"engine.hello","params":{"protocolVersion":"9.0","clientName":"x","clientVersion":"1"}}""", "ProtocolVersionMismatch")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"engine.hello","params":{"protocolVersion":"soon","clientName":"x","clientVersion":"1"}}""", "ProtocolVersionMismatch")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"engine.hello","params":{"protocolVersion":1}}""", "-32602")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"engine.hello","params":[[[[]]]]}""", "-32602")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"no.such.method","params":{}}""", "-32601")]
    public async Task A_first_call_that_is_wrong_gets_one_clear_error(string call, string error)
    {
        using Socket socket = await OpenAsync();

        string answer = await CallAsync(socket, call);

        Assert.Contains(error, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        await AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"firewall.createRules","params":{"rules":"all"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"firewall.createRules","params":{"rules":[{"name":5}]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"firewall.createRules","params":{"rules":[{"name":"x","surprise":1}]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"firewall.createRules","params":{"rules":[{"name":"x","action":"explode"}]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"firewall.createRules","params":{"rules":[{"name":"x","localPort":["0-99999"]}]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"firewall.createRules","params":{"rules":[null]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"firewall.createRules","params":{"rules":null}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"firewall.createRules","params":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"firewall.removeRules","params":{"names":[null]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"firewall.listRules","params":{"names":[null]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"events.list","params":{"newest":-5,"eventIds":[null]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"configuration.apply","params":{"document":{"firewall":{"rules":[null]}}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"configuration.apply","params":{"document":{"access":{"readers":[null]}}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"configuration.apply","params":{"document":{"paths":{"routes":[null]}}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"configuration.apply","params":{"document":{"paths":{"interfaces":[null]}}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"configuration.import","params":{"text":"firewall: {rules: [null]}"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":8,"method":"engine.setLogLevel","params":{"area":"no such area","level":"debug"}}""")]
    public async Task Wrong_types_are_a_wrong_argument_and_never_a_fault_of_the_engine(string call)
    {
        using Socket socket = await OpenAsync();
        await CallAsync(socket, """{"jsonrpc":"2.0","id":7,"method":"engine.hello","params":{"protocolVersion":"1.0","clientName":"raw","clientVersion":"1"}}""");

        string answer = await CallAsync(socket, call);

        Assert.Contains("\"error\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(ErrorCatalogue.InternalFault.Id, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        await AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_client_that_never_reads_costs_no_memory_and_keeps_nobody_waiting()
    {
        await PassThroughAsync(rounds: 20);
        long before = Resident();

        using Socket deaf = await OpenAsync();
        string hello = Framed("""{"jsonrpc":"2.0","id":1,"method":"engine.hello","params":{"protocolVersion":"1.0","clientName":"deaf","clientVersion":"1"}}""");
        byte[] list = Encoding.UTF8.GetBytes(Framed("""{"jsonrpc":"2.0","id":2,"method":"firewall.listRules","params":{"counters":false}}"""));
        await deaf.SendAsync(Encoding.UTF8.GetBytes(hello), Token);

        // Every answer is about 40 kB; a hundred megabytes of them would have to go somewhere.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            for (int sent = 0; sent < 2500; sent++)
            {
                await deaf.SendAsync(list, limit.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The engine stopped reading from it, or hung up.
        }

        await AssertUnharmedAsync();
        long after = Resident();
        TestContext.Current.TestOutputHelper?.WriteLine($"resident {before} kB before, {after} kB after");
        Assert.True(after - before < 3 * FewMegabytes, $"The engine grew from {before} to {after} kB.");
    }

    [Fact]
    public async Task A_thousand_broken_clients_leave_the_engine_as_it_was()
    {
        await BreakAsync(200);
        long before = Resident();

        await BreakAsync(800);

        await AssertUnharmedAsync();
        long after = Resident();
        TestContext.Current.TestOutputHelper?.WriteLine($"resident {before} kB before, {after} kB after");
        Assert.True(after - before < FewMegabytes, $"The engine grew from {before} to {after} kB.");
        EngineStatus status = await _client!.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);
        Assert.True(status.ClientCount <= 2, $"{status.ClientCount} clients are still counted.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static string Framed(string json) => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    private static async Task<string> CallAsync(Socket socket, string json)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(Framed(json)), Token);
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        while (true)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(length), Token);
            Assert.True(read > 0, "The engine hung up instead of answering.");
            length += read;
            string text = Encoding.UTF8.GetString(buffer, 0, length);
            if (ContentLength().Match(text) is { Success: true } head
                && text.Length >= head.Index + head.Length + int.Parse(head.Groups[1].Value, CultureInfo.InvariantCulture))
            {
                return text;
            }
        }
    }

    [GeneratedRegex(@"Content-Length: (\d+)\r\n\r\n")]
    private static partial Regex ContentLength();

    private async Task BreakAsync(int count)
    {
        string[] noise = ["Content-Length: 8\r\n\r\nnot json", "Content-Length: 1073741824\r\n\r\n{", Framed("""{"jsonrpc":"2.0","id":7,"method":"no.such.method"}""") + "x\r\n\r\n"];
        for (int index = 0; index < count; index++)
        {
            using Socket socket = await OpenAsync();
            await Agent.RawHttp.ExchangeAsync(socket, Encoding.UTF8.GetBytes(noise[index % noise.Length]), Token);
        }
    }

    private async Task PassThroughAsync(int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            await _client!.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(Counters: false), Token);
        }
    }

    private async Task<Socket> OpenAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder.Socket), Token);
        return socket;
    }

    private async Task AssertUnharmedAsync()
    {
        Assert.False(_engine!.Process.HasExited, _engine.Log);
        FirewallRule[] rules = await _client!.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), Token);
        Assert.Equal(300, rules.Length);
    }

    private long Resident()
    {
        string line = File.ReadLines($"/proc/{_engine!.Process.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line["VmRSS:".Length..].Replace("kB", string.Empty, StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
