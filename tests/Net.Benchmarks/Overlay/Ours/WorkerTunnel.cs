using System.Globalization;
using System.Security.Cryptography;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Benchmarks.Overlay;

/// <summary>Two workers without engines, with one rule that lets all through.</summary>
internal sealed class WorkerTunnel : ITunnel
{
    private const string LeftOverlayAddress = "100.64.0.1";
    private const string RightOverlayAddress = "100.64.0.2";
    private BareWorker? _left;
    private BareWorker? _right;

    public string Name => "netmod workers";

    public string Address => RightOverlayAddress;

    /// <summary>The worker that dials.</summary>
    public BareWorker Left => _left ?? throw new InvalidOperationException("it is not started");

    /// <summary>The worker that is dialled.</summary>
    public BareWorker Right => _right ?? throw new InvalidOperationException("it is not started");

    /// <summary>The first message to a worker.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="address">Its overlay address.</param>
    /// <param name="peers">Its peers.</param>
    public static StartOverlay Start(string name, byte[] seed, string address, params ModelPeer[] peers) => new()
    {
        Overlay = "bench",
        NodeName = name,
        Seed = seed,
        Model = new OverlayModel
        {
            Version = 1,
            Addresses = [address],
            Peers = peers,
            Routes =
            [
                new ModelRoute(address + "/32", "local", -1, 0),
                .. peers.SelectMany(peer => peer.Addresses.Select(one => new ModelRoute(one + "/32", "node", peer.Index, 0))),
            ],
            Rules = [new ModelRule { Name = "all", Allow = true }],
        },
    };

    public async Task StartAsync(TunnelLab lab, TunnelPorts ports, CancellationToken cancellationToken)
    {
        byte[] leftSeed = RandomNumberGenerator.GetBytes(Ed25519.SeedBytes);
        byte[] rightSeed = RandomNumberGenerator.GetBytes(Ed25519.SeedBytes);
        var toLeft = new ModelPeer { Index = 0, Name = "left", PublicKey = PublicKey(leftSeed), Dials = false, Addresses = [LeftOverlayAddress] };
        var toRight = new ModelPeer
        {
            Index = 0,
            Name = "right",
            PublicKey = PublicKey(rightSeed),
            Endpoints = [string.Create(CultureInfo.InvariantCulture, $"{TunnelLab.RightAddress}:{ports.Dial}")],
            Addresses = [RightOverlayAddress],
        };
        _right = await BareWorker.StartAsync(lab.Right, "nmbench", ports.Listen, Start("right", rightSeed, RightOverlayAddress, toLeft), [LeftOverlayAddress], cancellationToken);
        _left = await BareWorker.StartAsync(lab.Left, "nmbench", ports.Listen, Start("left", leftSeed, LeftOverlayAddress, toRight), [RightOverlayAddress], cancellationToken);
        await _left.UntilUpAsync(1, TimeSpan.FromSeconds(20), cancellationToken);
        await _right.UntilUpAsync(1, TimeSpan.FromSeconds(20), cancellationToken);
        await lab.UntilReachableAsync(Address, TimeSpan.FromSeconds(10), cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _left?.Dispose();
        _right?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The public key of a seed.</summary>
    public static byte[] PublicKey(byte[] seed)
    {
        byte[] key = new byte[Ed25519.PublicKeyBytes];
        Ed25519.GetPublicKey(seed, key);
        return key;
    }
}
