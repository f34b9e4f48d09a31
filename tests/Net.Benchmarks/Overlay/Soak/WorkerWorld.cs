using Net.Workers.Overlay;

namespace Net.Benchmarks.Overlay;

/// <summary>Two workers without engines, for what no user can ask for: keys updated all the time.</summary>
internal sealed class WorkerWorld : IAsyncDisposable
{
    private const int Port = 51_850;
    private const int OfferedPerSecond = 2_000;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly WorkerTunnel _tunnel = new();
    private TunnelLab? _lab;
    private int _connections;

    /// <summary>Brings everything up once.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_lab is null)
        {
            _lab = await TunnelLab.UpAsync(cancellationToken);
            await _tunnel.StartAsync(_lab, TunnelPorts.Direct(Port), cancellationToken);
        }

        _connections = _tunnel.Left.Connections;
    }

    /// <summary>New packet protection keys so many times, by both ends in turn, while packets flow.</summary>
    public async Task UpdateKeysAsync(int count, CancellationToken cancellationToken)
    {
        Task<UdpCount> load = UdpLoad.RunAsync(_lab!, _tunnel.Address, 1_000, 1, (int)Math.Ceiling((Between * count).TotalSeconds), cancellationToken, rate: OfferedPerSecond);
        for (int turn = 0; turn < count; turn++)
        {
            (turn % 2 == 0 ? _tunnel.Left : _tunnel.Right).Send(new UpdateKeys());
            await Task.Delay(Between, cancellationToken);
        }

        UdpCount arrived = await load;
        if (arrived.PerSecond < OfferedPerSecond / 2)
        {
            throw new InvalidOperationException($"{arrived.PerSecond:0} of {OfferedPerSecond} packets a second arrived while keys were updated");
        }
    }

    /// <summary>Whether the same session still carries packets.</summary>
    public async Task<bool> IsSameSessionAsync(CancellationToken cancellationToken) =>
        _tunnel.Left.Up == 1 && _tunnel.Left.Connections == _connections
        && (await _lab!.Left.PingAsync(_tunnel.Address, timeout: TimeSpan.FromMilliseconds(200), cancellationToken: cancellationToken)).Reached;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _tunnel.DisposeAsync();
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
            _lab = null;
        }
    }
}
