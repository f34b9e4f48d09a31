using System.Diagnostics;
using System.Globalization;
using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>A real engine in a node of a lab. It ends with this object; its folder belongs to whoever made it.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private readonly List<EngineClient> _clients = [];

    private EngineProcess(LabNode node, EngineFolder folder, LabProcess process)
    {
        Node = node;
        Folder = folder;
        Process = process;
    }

    public LabNode Node { get; }

    public EngineFolder Folder { get; }

    public LabProcess Process { get; }

    public string Log => string.Join('\n', Process.Lines.Select(line => line.Text));

    /// <summary>Starts an engine and waits until it serves.</summary>
    public static async Task<EngineProcess> StartAsync(
        LabNode node, EngineFolder folder, IReadOnlyDictionary<string, string?>? environment = null, string[]? through = null)
    {
        EngineProcess engine = Launch(node, folder, environment, through);
        await engine.Process.WaitForLineAsync("EngineStarted", Wait.Patience, TestContext.Current.CancellationToken);
        return engine;
    }

    /// <summary>Starts an engine that may not come to serve.</summary>
    /// <param name="node">Where.</param>
    /// <param name="folder">Its files.</param>
    /// <param name="environment">Variables.</param>
    /// <param name="through">A program and its arguments that start it in turn, such as setpriv.</param>
    /// <param name="engine">The engine's assembly, if not the one beside the tests.</param>
    public static EngineProcess Launch(
        LabNode node, EngineFolder folder, IReadOnlyDictionary<string, string?>? environment = null, string[]? through = null, string? engine = null)
    {
        string[] command = [.. through ?? [], TestHost.Dotnet, engine ?? TestHost.Engine, .. folder.Arguments];
        var variables = new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>());
        foreach (string name in new[] { "NETMOD_HOST_SOCKET", "NETMOD_HOST_STATE", "NETMOD_HOST_CONFIG", "NETMOD_LOG_LEVEL", "NETMOD_LOG_FORMAT", "NOTIFY_SOCKET" })
        {
            variables.TryAdd(name, null);
        }

        // The plain build is compiled while it runs: a quick version of each method serves sooner than the final one, which the shipped program brings along.
        variables.TryAdd("DOTNET_TieredCompilation", "1");
        variables.TryAdd("DOTNET_TieredPGO", "0");

        // The worker has a host program of its own, which looks for the runtime.
        variables.TryAdd("DOTNET_ROOT", Path.GetDirectoryName(TestHost.Dotnet));
        return new EngineProcess(node, folder, node.Start(command[0], command[1..], new LabProcessOptions { Environment = variables }));
    }

    /// <summary>A client that lives as long as this engine.</summary>
    public async Task<EngineClient> ConnectAsync(string name = "tests")
    {
        EngineClient client = await EngineClient.ConnectAsync(
            new EngineClientOptions { SocketPath = Folder.Socket, ClientName = name, ConnectTimeout = Wait.Patience }, TestContext.Current.CancellationToken);
        _clients.Add(client);
        return client;
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await Process.WaitForExitAsync(Wait.Patience, TestContext.Current.CancellationToken);
    }

    public async Task SignalAsync(string signal)
    {
        (int exitCode, string output) = await TestHost.RunAsync("kill", $"-{signal}", Process.Id.ToString(CultureInfo.InvariantCulture));
        Assert.True(exitCode == 0, output);
    }

    /// <summary>Another engine on the same files.</summary>
    /// <returns>It, and how long it took from its start until it served.</returns>
    public async Task<(EngineProcess Engine, TimeSpan Took)> RestartAsync(IReadOnlyDictionary<string, string?>? environment = null)
    {
        var time = Stopwatch.StartNew();
        EngineProcess next = await StartAsync(Node, Folder, environment);
        return (next, time.Elapsed);
    }

    public static Dictionary<string, string?> KillAt(string step) => new() { ["NETMOD_FAULT_KILL_AT"] = step };

    /// <summary>Waits for an event.</summary>
    public static async Task<EngineEvent> EventAsync(EngineClient client, string eventId, Func<EngineEvent, bool>? matching = null)
    {
        EngineEvent? found = null;
        await Wait.UntilAsync($"event {eventId}", async () =>
        {
            EngineEvent[] all = await client.CallAsync(EngineApi.EventsList, new ListEvents(), TestContext.Current.CancellationToken);
            found = all.LastOrDefault(item => item.EventId == eventId && (matching is null || matching(item)));
            return (found is not null, string.Join("; ", all.Select(item => $"{item.EventId}: {item.Message}")));
        });
        return found!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EngineClient client in _clients)
        {
            await client.DisposeAsync();
        }

        await Process.DisposeAsync();
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"--- engine {Process.Id}\n{Log}");
        }
    }
}
