namespace Net.Benchmarks.Overlay;

/// <summary>A way through the lab: ours, a peer's, or none but the cable.</summary>
internal interface ITunnel : IAsyncDisposable
{
    /// <summary>Its name, with the version once it is started.</summary>
    string Name { get; }

    /// <summary>The address of the right end inside it.</summary>
    string Address { get; }

    /// <summary>Starts both ends and waits until the right one answers.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="ports">Outside ports.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task StartAsync(TunnelLab lab, TunnelPorts ports, CancellationToken cancellationToken);
}

/// <summary>Outside ports of the right end.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="Dial">Where the left end reaches it: the same, or a relay's.</param>
internal readonly record struct TunnelPorts(int Listen, int Dial)
{
    /// <summary>Reached where it listens.</summary>
    public static TunnelPorts Direct(int port) => new(port, port);
}
