using System.Diagnostics;
using System.Globalization;
using Net.Contracts;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>An overlay between two published engines, trusting each other by their keys, with one rule that lets all through.</summary>
/// <param name="configure">Changes the overlay of an end before it is made; null leaves it at its defaults.</param>
internal sealed class OurTunnel(Func<Contracts.Overlay, Contracts.Overlay>? configure = null) : ITunnel
{
    /// <summary>The overlay's name at both ends.</summary>
    public const string Overlay = "bench";

    /// <summary>What the left engine calls the right one.</summary>
    public const string RightPeer = "right";

    /// <summary>What the right engine calls the left one.</summary>
    public const string LeftPeer = "left";

    private const string Identity = "default";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private OverlayEngine? _left;
    private OverlayEngine? _right;
    private string? _address;

    public string Name => "netmod";

    public string Address => _address ?? throw new InvalidOperationException("it is not started");

    /// <summary>The engine that dials.</summary>
    public OverlayEngine Left => _left ?? throw new InvalidOperationException("it is not started");

    /// <summary>The engine that is dialled.</summary>
    public OverlayEngine Right => _right ?? throw new InvalidOperationException("it is not started");

    public async Task StartAsync(TunnelLab lab, TunnelPorts ports, CancellationToken cancellationToken)
    {
        _left = await OverlayEngine.StartAsync(lab.Left, Path.Combine(lab.Folder, "left"), cancellationToken);
        _right = await OverlayEngine.StartAsync(lab.Right, Path.Combine(lab.Folder, "right"), cancellationToken);
        string leftKey = await _left.PublicKeyAsync(Identity, cancellationToken);
        string rightKey = await _right.PublicKeyAsync(Identity, cancellationToken);
        string dial = string.Create(CultureInfo.InvariantCulture, $"{TunnelLab.RightAddress}:{ports.Dial}");
        await CreateAsync(_right, ports.Listen, new OverlayPeer { Name = LeftPeer, PublicKey = leftKey }, cancellationToken);
        await CreateAsync(_left, ports.Listen, new OverlayPeer { Name = RightPeer, PublicKey = rightKey, Endpoints = [dial] }, cancellationToken);
        await UntilUpAsync(lab, cancellationToken);
    }

    /// <summary>Waits until both ends have the session and the right one answers.</summary>
    public async Task UntilUpAsync(TunnelLab lab, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        string reason = string.Empty;
        while (Stopwatch.GetElapsedTime(start) < Patience)
        {
            (bool isUp, reason) = await StateAsync(cancellationToken);
            if (isUp)
            {
                Contracts.Overlay right = await Right.OverlayAsync(Overlay, cancellationToken);
                _address = right.ActiveAddresses?.Select(address => address.Split('/')[0]).FirstOrDefault(address => !address.Contains(':', StringComparison.Ordinal))
                    ?? throw new LabException("the right end has no IPv4 overlay address");
                await lab.UntilReachableAsync(_address, TimeSpan.FromSeconds(10), cancellationToken);
                return;
            }

            await Task.Delay(50, cancellationToken);
        }

        throw new LabException($"the session did not come up within {Patience.TotalSeconds:0} s: {reason}");
    }

    /// <summary>Whether both ends call the session up, and what they say otherwise.</summary>
    public async Task<(bool IsUp, string Reason)> StateAsync(CancellationToken cancellationToken)
    {
        OverlayPeer? right = (await Left.CallAsync(EngineApi.OverlayListPeers, new ListOverlayPeers(Overlay), cancellationToken)).FirstOrDefault();
        OverlayPeer? left = (await Right.CallAsync(EngineApi.OverlayListPeers, new ListOverlayPeers(Overlay), cancellationToken)).FirstOrDefault();
        return (right?.State == OverlayPeerState.Up && left?.State == OverlayPeerState.Up,
            $"left says {right?.State} ({right?.StateReason}), right says {left?.State} ({left?.StateReason})");
    }

    public async ValueTask DisposeAsync()
    {
        if (_left is not null)
        {
            await _left.DisposeAsync();
        }

        if (_right is not null)
        {
            await _right.DisposeAsync();
        }
    }

    private async Task CreateAsync(OverlayEngine engine, int port, OverlayPeer peer, CancellationToken cancellationToken)
    {
        var overlay = new Contracts.Overlay
        {
            Name = Overlay,
            Identity = Identity,
            ListenPort = port,
            Peers = [peer],
            Policy = [new OverlayPolicyRule { Name = "all" }],
        };
        await engine.CallAsync(EngineApi.OverlayCreate, new CreateOverlays([configure?.Invoke(overlay) ?? overlay]), cancellationToken);
    }
}
