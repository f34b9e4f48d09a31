using System.Diagnostics;
using System.Globalization;
using Net.Benchmarks.Core;
using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>Two engines with an overlay between them that carries traffic all the time, and the ways to hurt it. The left end is hurt unless said otherwise.</summary>
internal sealed class OverlayWorld : IAsyncDisposable
{
    private const int Port = 51_800;
    private const int TrafficPort = 5_310;
    private const int TrafficBytes = 1_000;
    private const int TrafficPerSecond = 1_000;
    private const int SmallMtu = 1_300;
    private const int FullMtu = 1_500;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly OurTunnel _tunnel = new();
    private TunnelLab? _lab;
    private LabProcess? _traffic;
    private int _workerId;
    private int _engineId;
    private int _host = 1;

    /// <summary>Reconnects asked for so far.</summary>
    public int Reconnects { get; private set; }

    /// <summary>Reconnects after which no session was up in time.</summary>
    public int LostSessions { get; private set; }

    private TunnelLab Lab => _lab ?? throw new InvalidOperationException("it is not prepared");

    /// <summary>Brings everything up once, and waits until the session is up.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_lab is null)
        {
            _lab = await TunnelLab.UpAsync(cancellationToken);
            await _tunnel.StartAsync(_lab, TunnelPorts.Direct(Port), cancellationToken);
            _traffic = TunnelLab.StartSelf(
                _lab.Left, TunnelLab.Longest,
                [UdpLoad.SendMode, _tunnel.Address, .. new[] { TrafficPort, TrafficBytes, (int)TunnelLab.Longest.TotalSeconds, 1, TrafficPerSecond }.Select(Number)]);
        }

        // A fault that was not recovered from leaves the path small; the next one is not to be blamed for that.
        await SetMtuAsync(FullMtu, cancellationToken);
        await _tunnel.UntilUpAsync(_lab, cancellationToken);

        // The supervisor lets an engine wait that dies young; a fault finds one that has settled.
        EngineStatus status = await _tunnel.Left.CallAsync(EngineApi.EngineStatus, new GetStatus(), cancellationToken);
        TimeSpan age = DateTimeOffset.UtcNow - status.StartedAt;
        if (age < Settled)
        {
            await Task.Delay(Settled - age, cancellationToken);
        }

        _engineId = status.ProcessId;
        _workerId = (await OverlayAsync(_tunnel.Left, cancellationToken)).WorkerProcessId ?? throw new LabException("the left overlay has no worker");
    }

    /// <summary>SIGKILL to the worker.</summary>
    public Task KillWorkerAsync(CancellationToken cancellationToken) => KillAsync(_workerId, cancellationToken);

    /// <summary>Whether another worker moves packets.</summary>
    public async Task<bool> HasNewWorkerAsync(CancellationToken cancellationToken) =>
        await TryAsync(async () => (await OverlayAsync(_tunnel.Left, cancellationToken)).WorkerProcessId is int now && now != _workerId) && await IsCarryingAsync(cancellationToken);

    /// <summary>SIGKILL to the engine.</summary>
    public Task KillEngineAsync(CancellationToken cancellationToken) => KillAsync(_engineId, cancellationToken);

    /// <summary>Stops engine and worker where they are and lets them go on later, as a host does that is suspended.</summary>
    public async Task SuspendAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await SignalAsync("STOP", cancellationToken);
        try
        {
            await Task.Delay(time, cancellationToken);
        }
        finally
        {
            await SignalAsync("CONT", CancellationToken.None);
        }
    }

    /// <summary>Whether another engine serves and packets move.</summary>
    public async Task<bool> HasNewEngineAsync(CancellationToken cancellationToken) =>
        await TryAsync(async () =>
        {
            EngineStatus status = await _tunnel.Left.CallAsync(EngineApi.EngineStatus, new GetStatus(), cancellationToken);
            return status.ProcessId != _engineId && status.State == EngineState.Ready;
        }) && await IsCarryingAsync(cancellationToken);

    /// <summary>Deletes the TUN device.</summary>
    public async Task DeleteDeviceAsync(CancellationToken cancellationToken) => await TunnelLab.IpAsync(Lab.Left, $"link del {await DeviceAsync(cancellationToken)}", cancellationToken);

    /// <summary>Gives the left end another address and takes the old one away: what a laptop does that changes its network.</summary>
    public async Task ChangeAddressAsync(CancellationToken cancellationToken)
    {
        int old = _host;
        _host = _host == 1 ? 3 : 1;

        // In this order: with its first address an interface loses all others of the same prefix.
        await TunnelLab.IpAsync(Lab.Left, $"addr del 10.77.0.{old}/24 dev {TunnelLab.Interface}", cancellationToken);
        await TunnelLab.IpAsync(Lab.Left, $"addr add 10.77.0.{_host}/24 dev {TunnelLab.Interface}", cancellationToken);
    }

    /// <summary>Takes the carrier away for a second.</summary>
    public async Task InterruptLinkAsync(CancellationToken cancellationToken)
    {
        await TunnelLab.IpAsync(Lab.Right, $"link set {TunnelLab.Interface} down", cancellationToken);
        await Task.Delay(Down, cancellationToken);
        await TunnelLab.IpAsync(Lab.Right, $"link set {TunnelLab.Interface} up", cancellationToken);
    }

    /// <summary>Makes the path smaller than the session found it.</summary>
    public Task ShrinkPathAsync(CancellationToken cancellationToken) => SetMtuAsync(SmallMtu, cancellationToken);

    /// <summary>Whether full-size packets pass over the smaller path; then makes it whole again.</summary>
    public async Task<bool> PassesFullSizeAsync(CancellationToken cancellationToken)
    {
        // 1420 with their headers: whole to whoever sends them, in two on this path.
        LabCommandResult result = await Lab.Left.ExecAsync("ping", ["-n", "-q", "-c", "1", "-W", "1", "-s", "1392", _tunnel.Address], cancellationToken: cancellationToken);
        if (!result.Succeeded)
        {
            return false;
        }

        await SetMtuAsync(FullMtu, cancellationToken);
        return true;
    }

    /// <summary>Ends and makes the session over and over; counts those that do not come up.</summary>
    public async Task ReconnectAsync(int count, CancellationToken cancellationToken)
    {
        await using EngineClient client = await _tunnel.Left.ConnectAsync(cancellationToken);
        for (int turn = 0; turn < count; turn++)
        {
            OverlayPeer peer = await PeerAsync(client, cancellationToken);
            await SetAsync(client, peer, enabled: false, cancellationToken);
            await SetAsync(client, peer, enabled: true, cancellationToken);
            Reconnects++;
            long start = Stopwatch.GetTimestamp();
            while ((await PeerAsync(client, cancellationToken)).State != OverlayPeerState.Up)
            {
                if (Stopwatch.GetElapsedTime(start) > Patience)
                {
                    LostSessions++;
                    break;
                }

                await Task.Delay(5, cancellationToken);
            }
        }
    }

    /// <summary>Whether both ends call the session up and packets come back.</summary>
    public async Task<bool> IsCarryingAsync(CancellationToken cancellationToken) =>
        await TryAsync(async () => (await _tunnel.StateAsync(cancellationToken)).IsUp)
        && (await Lab.Left.PingAsync(_tunnel.Address, timeout: TimeSpan.FromMilliseconds(200), cancellationToken: cancellationToken)).Reached;

    /// <summary>Resident memory in bytes of the engine and the worker of both ends, by what they are called.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ReadMemoryAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, double> memory = [];
        foreach ((string name, OverlayEngine engine) in (IEnumerable<(string, OverlayEngine)>)[("left", _tunnel.Left), ("right", _tunnel.Right)])
        {
            EngineStatus status = await engine.CallAsync(EngineApi.EngineStatus, new GetStatus(), cancellationToken);
            memory[$"engine {name}"] = BenchedEngine.ReadMemory(status.ProcessId).Resident;
            if ((await OverlayAsync(engine, cancellationToken)).WorkerProcessId is int worker)
            {
                memory[$"worker {name}"] = BenchedEngine.ReadMemory(worker).Resident;
            }
        }

        return memory;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_traffic is not null)
        {
            await _traffic.DisposeAsync();
        }

        await _tunnel.DisposeAsync();
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
            _lab = null;
        }
    }

    private static async Task KillAsync(int processId, CancellationToken cancellationToken)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
    }

    private async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("/bin/kill", ["-" + signal, Number(_engineId), Number(_workerId)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    private static Task<Contracts.Overlay> OverlayAsync(OverlayEngine engine, CancellationToken cancellationToken) => engine.OverlayAsync(OurTunnel.Overlay, cancellationToken);

    private static async Task<OverlayPeer> PeerAsync(EngineClient client, CancellationToken cancellationToken) =>
        (await client.CallAsync(EngineApi.OverlayListPeers, new ListOverlayPeers(OurTunnel.Overlay, [OurTunnel.RightPeer]), cancellationToken))[0];

    // Only what belongs into a document: the rest is what is so now.
    private static Task<OverlayPeersChanged> SetAsync(EngineClient client, OverlayPeer peer, bool enabled, CancellationToken cancellationToken) => client.CallAsync(
        EngineApi.OverlaySetPeers,
        new SetOverlayPeers([new OverlayPeer { Overlay = OurTunnel.Overlay, Name = peer.Name, PublicKey = peer.PublicKey, Endpoints = peer.Endpoints, Enabled = enabled }]),
        cancellationToken);

    // While an engine is away there is nobody to ask: not recovered yet.
    private static async Task<bool> TryAsync(Func<Task<bool>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception failure) when (failure is EngineException or LabException)
        {
            return false;
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private async Task<string> DeviceAsync(CancellationToken cancellationToken) =>
        (await OverlayAsync(_tunnel.Left, cancellationToken)).InterfaceAlias ?? "nm-" + OurTunnel.Overlay;

    private async Task SetMtuAsync(int mtu, CancellationToken cancellationToken)
    {
        foreach ((LabNode node, _) in Lab.Ends)
        {
            await TunnelLab.IpAsync(node, $"link set {TunnelLab.Interface} mtu {Number(mtu)}", cancellationToken);
        }
    }
}
