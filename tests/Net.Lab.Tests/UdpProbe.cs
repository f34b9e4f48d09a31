using System.Globalization;

namespace Net.Lab.Tests;

/// <summary>UDP sockets in a node.</summary>
internal sealed class UdpProbe : IAsyncDisposable
{
    private readonly LabProcess _process;
    private int _questions;

    private UdpProbe(LabProcess process) => _process = process;

    public static async Task<UdpProbe> StartAsync(LabNode node, params string[] endpoints)
    {
        LabProcess process = node.Start(TestLab.Host, TestLab.Self(["udp-probe", .. endpoints]));
        await process.WaitForLineAsync("ready", TestLab.Patience, TestContext.Current.CancellationToken);
        return new UdpProbe(process);
    }

    /// <summary>Asks another probe what this socket's endpoint looks like from there.</summary>
    public async Task<string> AskAsync(int socket, string destination)
    {
        string number = Interlocked.Increment(ref _questions).ToString(CultureInfo.InvariantCulture);
        await SendAsync(socket, destination, $"who-{number}");
        string line = await _process.WaitForLineAsync($" you-{number} ", TestLab.Patience, TestContext.Current.CancellationToken);
        return line.Split(' ')[^1];
    }

    public async Task SendAsync(int socket, string destination, string text)
    {
        await _process.Input.WriteLineAsync($"{socket} {destination} {text}");
        await _process.Input.FlushAsync();
    }

    /// <summary>Waits for a text and returns the endpoint it came from.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        string line = await _process.WaitForLineAsync(line => line.EndsWith(' ' + text, StringComparison.Ordinal), TestLab.Patience, TestContext.Current.CancellationToken);
        return line.Split(' ')[2];
    }

    public bool HasReceived(string text) => _process.Lines.Any(line => line.Text.EndsWith(' ' + text, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
