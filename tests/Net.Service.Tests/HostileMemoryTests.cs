using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Net.Contracts;

namespace Net.Service.Tests;

/// <summary>What clients that break the protocol cost in memory; an engine for each test, so that its heap holds nothing of another's.</summary>
public sealed class HostileMemoryTests : IAsyncLifetime
{
    // What the heap may swing by itself while a few thousand messages pass.
    private const long FewMegabytes = 12 * 1024;

    private readonly HostileClients _clients = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        TestHost.RequireRoot();
        return _clients.InitializeAsync();
    }

    [Fact]
    public async Task A_client_that_never_reads_costs_no_memory_and_keeps_nobody_waiting()
    {
        await PassThroughAsync(rounds: 20);
        long before = Resident();

        using Socket deaf = await _clients.OpenAsync();
        string hello = HostileClients.Framed("""{"jsonrpc":"2.0","id":1,"method":"engine.hello","params":{"protocolVersion":"1.0","clientName":"deaf","clientVersion":"1"}}""");
        byte[] list = Encoding.UTF8.GetBytes(HostileClients.Framed("""{"jsonrpc":"2.0","id":2,"method":"firewall.listRules","params":{"counters":false}}"""));
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

        await _clients.AssertUnharmedAsync();
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

        await _clients.AssertUnharmedAsync();
        long after = Resident();
        TestContext.Current.TestOutputHelper?.WriteLine($"resident {before} kB before, {after} kB after");
        Assert.True(after - before < FewMegabytes, $"The engine grew from {before} to {after} kB.");
        EngineStatus status = await _clients.Client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);
        Assert.True(status.ClientCount <= 2, $"{status.ClientCount} clients are still counted.");
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    private async Task BreakAsync(int count)
    {
        string[] noise = ["Content-Length: 8\r\n\r\nnot json", "Content-Length: 1073741824\r\n\r\n{", HostileClients.Framed("""{"jsonrpc":"2.0","id":7,"method":"no.such.method"}""") + "x\r\n\r\n"];
        for (int index = 0; index < count; index++)
        {
            using Socket socket = await _clients.OpenAsync();
            await Agent.RawHttp.ExchangeAsync(socket, Encoding.UTF8.GetBytes(noise[index % noise.Length]), Token);
        }
    }

    private async Task PassThroughAsync(int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            await _clients.Client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(Counters: false), Token);
        }
    }

    private long Resident()
    {
        string line = File.ReadLines($"/proc/{_clients.Engine.Process.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line["VmRSS:".Length..].Replace("kB", string.Empty, StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
