using System.Diagnostics;
using Net.Benchmarks.Core;
using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>A published engine under its supervisor in one end of the lab.</summary>
internal sealed class OverlayEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LabNode _node;
    private readonly string _folder;
    private LabProcess _supervisor;

    private OverlayEngine(LabNode node, string folder)
    {
        _node = node;
        _folder = folder;
        _supervisor = Launch();
    }

    /// <summary>The process id of the supervisor.</summary>
    public int SupervisorProcessId => _supervisor.Id;

    private string SocketPath => Path.Combine(_folder, "engine.sock");

    /// <summary>Starts one and waits until it serves.</summary>
    /// <param name="node">Where.</param>
    /// <param name="folder">For its state, configuration and socket.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<OverlayEngine> StartAsync(LabNode node, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var engine = new OverlayEngine(node, folder);
        await using EngineClient client = await engine.ConnectAsync(cancellationToken);
        return engine;
    }

    /// <summary>Connects, as soon as somebody serves.</summary>
    public async Task<EngineClient> ConnectAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await EngineClient.ConnectAsync(new EngineClientOptions { SocketPath = SocketPath, ClientName = "bench" }, cancellationToken);
            }
            catch (EngineException) when (Stopwatch.GetElapsedTime(start) < Patience && !_supervisor.HasExited)
            {
                await Task.Delay(10, cancellationToken);
            }
            catch (EngineException failure)
            {
                string last = string.Join(" | ", _supervisor.Lines.TakeLast(3).Select(line => line.Text));
                throw new LabException($"no engine serves in {_node.Name}: {failure.Message} Its last lines: {last}");
            }
        }
    }

    /// <summary>Calls a method over a connection of its own.</summary>
    public async Task<TReply> CallAsync<TRequest, TReply>(ApiMethod<TRequest, TReply> method, TRequest request, CancellationToken cancellationToken)
    {
        await using EngineClient client = await ConnectAsync(cancellationToken);
        return await client.CallAsync(method, request, cancellationToken);
    }

    /// <summary>The public key of an identity, which is made when it is not there.</summary>
    public async Task<string> PublicKeyAsync(string identity, CancellationToken cancellationToken)
    {
        OverlayIdentity[] all = await CallAsync(EngineApi.OverlayListIdentities, new ListOverlayIdentities(), cancellationToken);
        return (all.FirstOrDefault(one => one.Name == identity)
            ?? await CallAsync(EngineApi.OverlayCreateIdentity, new CreateOverlayIdentity(identity), cancellationToken)).PublicKey;
    }

    /// <summary>What an overlay does now.</summary>
    public async Task<Contracts.Overlay> OverlayAsync(string name, CancellationToken cancellationToken) =>
        (await CallAsync(EngineApi.OverlayList, new ListOverlays([name]), cancellationToken)).FirstOrDefault()
        ?? throw new LabException($"the engine in {_node.Name} has no overlay {name}");

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _supervisor.DisposeAsync();

    private LabProcess Launch() => TunnelLab.Start(
        _node, BenchedEngine.CliProgram, ["engine", "run", "--socket", SocketPath, "--state", Path.Combine(_folder, "state"), "--config", Path.Combine(_folder, "config")]);
}
