using System.Globalization;
using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests.Overlay;

/// <summary>A real engine with a real worker in a node of a lab, and one overlay on it.</summary>
internal sealed class OverlayNode : IAsyncDisposable
{
    /// <summary>The overlay's name on every node.</summary>
    public const string Net = "net";

    /// <summary>The device.</summary>
    public const string Device = "nm-net";

    private readonly EngineFolder _folder = new();
    private EngineClient? _client;

    private OverlayNode(LabNode node) => Node = node;

    public LabNode Node { get; }

    public EngineProcess Engine { get; private set; } = null!;

    public EngineClient Client => _client!;

    /// <summary>The key it has had from the start.</summary>
    public string PublicKey { get; private set; } = string.Empty;

    /// <summary>Its first IPv4 address inside.</summary>
    public string Address { get; private set; } = string.Empty;

    /// <summary>Its first IPv6 address inside.</summary>
    public string Address6 { get; private set; } = string.Empty;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A rule that lets everything pass.</summary>
    public static OverlayPolicyRule AllowAll => new() { Name = "all" };

    /// <summary>Starts an engine and makes its key.</summary>
    public static async Task<OverlayNode> StartAsync(LabNode node)
    {
        var made = new OverlayNode(node);
        await made.StartEngineAsync();
        made.PublicKey = (await made.Client.CallAsync(EngineApi.OverlayCreateIdentity, new CreateOverlayIdentity("default"), Token)).PublicKey;
        return made;
    }

    /// <summary>Another node as a peer of this one.</summary>
    public static OverlayPeer Peer(string name, OverlayNode node, string? endpoint = null) =>
        new() { Name = name, PublicKey = node.PublicKey, Endpoints = endpoint is null ? [] : [endpoint] };

    /// <summary>Starts an engine on the same files, after the one before was killed or stopped.</summary>
    public async Task StartEngineAsync()
    {
        Engine = await EngineProcess.StartAsync(Node, _folder);
        _client = await Engine.ConnectAsync();
    }

    /// <summary>Creates the overlay and waits until its worker runs.</summary>
    public async Task<ChangeOutcome> CreateAsync(global::Net.Contracts.Overlay overlay)
    {
        OverlaysChanged changed = await Client.CallAsync(EngineApi.OverlayCreate, new CreateOverlays([overlay]), Token);
        await RunsAsync();
        return changed.Outcome;
    }

    /// <summary>Waits until the worker runs, and takes note of the addresses.</summary>
    public async Task<global::Net.Contracts.Overlay> RunsAsync(Func<global::Net.Contracts.Overlay, bool>? isRight = null)
    {
        global::Net.Contracts.Overlay overlay = null!;
        await Wait.UntilAsync($"overlay of {Node.Name} runs", async () =>
        {
            global::Net.Contracts.Overlay[] all = await Client.CallAsync(EngineApi.OverlayList, new ListOverlays([Net]), Token);
            overlay = all.FirstOrDefault() ?? new global::Net.Contracts.Overlay { Name = Net };
            return (overlay is { State: OverlayState.Running, WorkerProcessId: > 0 } && (isRight is null || isRight(overlay)), $"{overlay.State}: {overlay.StateReason}");
        });
        Address = overlay.ActiveAddresses!.First(address => !address.Contains(':'));
        Address6 = overlay.ActiveAddresses!.First(address => address.Contains(':'));
        return overlay;
    }

    /// <summary>Waits for a peer to be in a state.</summary>
    public async Task<OverlayPeer> PeerAsync(string name, Func<OverlayPeer, bool>? isRight = null)
    {
        OverlayPeer? peer = null;
        await Wait.UntilAsync($"peer {name} of {Node.Name}", async () =>
        {
            OverlayPeer[] all = await Client.CallAsync(EngineApi.OverlayListPeers, new ListOverlayPeers(Net), Token);
            peer = all.FirstOrDefault(one => one.Name == name);
            return (peer is not null && (isRight is null ? peer.State == OverlayPeerState.Up : isRight(peer)), string.Join("; ", all.Select(one => $"{one.Name} {one.State}: {one.StateReason}")));
        });
        return peer!;
    }

    /// <summary>Waits until an address answers, and gives how long that took.</summary>
    public static Task<TimeSpan> ReachesAsync(LabNode from, string address) => Wait.UntilAsync($"{from.Name} reaches {address}", async () =>
    {
        LabPing ping = await from.PingAsync(address, timeout: TimeSpan.FromSeconds(0.2), cancellationToken: Token);
        return (ping.Received > 0, ping);
    });

    /// <summary>The worker's process.</summary>
    public async Task<int> WorkerAsync() => (await RunsAsync()).WorkerProcessId!.Value;

    /// <summary>SIGKILL for a process of the node.</summary>
    public static async Task KillAsync(int processId)
    {
        (int exitCode, string output) = await TestHost.RunAsync("kill", "-KILL", processId.ToString(CultureInfo.InvariantCulture));
        Assert.True(exitCode == 0, output);
    }

    public async ValueTask DisposeAsync()
    {
        if (Engine is not null)
        {
            await Engine.DisposeAsync();
        }

        _folder.Dispose();
    }
}
