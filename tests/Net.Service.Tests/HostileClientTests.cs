using System.Net.Sockets;
using System.Text;
using Net.Contracts;

namespace Net.Service.Tests;

/// <summary>Clients that break the protocol: each gets a clear error or a closed connection, and the others do not notice. All of them meet the same engine.</summary>
public sealed class HostileClientTests(HostileClients clients) : IClassFixture<HostileClients>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
        using Socket socket = await clients.OpenAsync();

        string answer = await Agent.RawHttp.ExchangeAsync(socket, Encoding.UTF8.GetBytes(bytes), Token);

        Assert.DoesNotContain("result", answer, StringComparison.Ordinal);
        await clients.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_head_without_an_end_is_not_kept_for_ever()
    {
        using Socket socket = await clients.OpenAsync();
        byte[] line = Encoding.UTF8.GetBytes("X-Padding: " + new string('x', 4000) + "\r\n");

        // 64 MB of head; the engine hangs up long before.
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            for (int sent = 0; sent < 16_000; sent++)
            {
                await socket.SendAsync(line, Token);
            }
        });
        await clients.AssertUnharmedAsync();
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
        using Socket socket = await clients.OpenAsync();

        string answer = await HostileClients.CallAsync(socket, call);

        Assert.Contains(error, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        await clients.AssertUnharmedAsync();
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
        using Socket socket = await clients.OpenAsync();
        await HostileClients.CallAsync(socket, """{"jsonrpc":"2.0","id":7,"method":"engine.hello","params":{"protocolVersion":"1.0","clientName":"raw","clientVersion":"1"}}""");

        string answer = await HostileClients.CallAsync(socket, call);

        Assert.Contains("\"error\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(ErrorCatalogue.InternalFault.Id, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        await clients.AssertUnharmedAsync();
    }
}
