namespace Net.Benchmarks.Overlay;

/// <summary>The veth pair itself: what everything else is built on.</summary>
internal sealed class BareLink : ITunnel
{
    public string Name => "bare veth";

    public string Address => TunnelLab.RightAddress;

    public Task StartAsync(TunnelLab lab, TunnelPorts ports, CancellationToken cancellationToken) =>
        lab.UntilReachableAsync(Address, TimeSpan.FromSeconds(5), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
