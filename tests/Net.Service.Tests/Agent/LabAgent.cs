using System.Globalization;
using System.Text;
using Net.Lab;

namespace Net.Service.Tests.Agent;

/// <summary>The agent in a node, seen from the test.</summary>
internal sealed class LabAgent : IAsyncDisposable
{
    // Long enough for an answer on a loaded machine, short enough to wait for none.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(700);

    private readonly LabProcess _process;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _last;

    private LabAgent(LabProcess process) => _process = process;

    public static async Task<LabAgent> StartAsync(LabNode node)
    {
        LabProcess process = node.Start(TestHost.Dotnet, [TestHost.Self, "agent"]);
        await process.WaitForLineAsync("ready", Wait.Patience, TestContext.Current.CancellationToken);
        return new LabAgent(process);
    }

    public async Task ListenAsync(string protocol, params string[] endPoints)
    {
        foreach (string endPoint in endPoints)
        {
            Assert.Equal("listening", await AskAsync($"listen-{protocol} {endPoint}"));
        }
    }

    /// <summary>What becomes of a connection, a datagram or an echo request: answered, refused, unreachable or timeout.</summary>
    public Task<string> TryAsync(string protocol, string target, string? from = null) =>
        AskAsync(string.Create(CultureInfo.InvariantCulture, $"{protocol} {target} {Silence.TotalMilliseconds:F0}{(from is null ? string.Empty : " ")}{from}"));

    public async Task<string> ExchangeAsync(string target, string request, TimeSpan? timeout = null)
    {
        string milliseconds = (timeout ?? Wait.Patience).TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
        string answer = await AskAsync($"send {target} {milliseconds} {Convert.ToBase64String(Encoding.UTF8.GetBytes(request))}");
        return answer is "timeout" or "refused" or "unreachable" ? answer : Encoding.UTF8.GetString(Convert.FromBase64String(answer));
    }

    public ValueTask DisposeAsync()
    {
        _writing.Dispose();
        return _process.DisposeAsync();
    }

    private async Task<string> AskAsync(string question)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"#{Interlocked.Increment(ref _last)} ");
        await _writing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _process.Input.WriteLineAsync(id + question);
            await _process.Input.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }

        string line = await _process.WaitForLineAsync(text => text.StartsWith(id, StringComparison.Ordinal), Wait.Patience, TestContext.Current.CancellationToken);
        return line[id.Length..];
    }
}
