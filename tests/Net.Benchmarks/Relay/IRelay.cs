namespace Net.Benchmarks.Relay;

/// <summary>A relay that is measured: an engine of ours, a peer's, or none but the cable.</summary>
internal interface IRelay : IAsyncDisposable
{
    /// <summary>Its name, with the version once it is started.</summary>
    string Name { get; }

    /// <summary>How the sink drops its packets at the least cost.</summary>
    SinkMode Sink { get; }

    /// <summary>Whether it changes groups and ports; otherwise packets leave as they came.</summary>
    bool Rewrites { get; }

    /// <summary>Starts relaying and waits until it does.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="job">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task StartAsync(RelayLab lab, RelayJob job, CancellationToken cancellationToken);

    /// <summary>Stops relaying; it can be started again.</summary>
    Task StopAsync();
}
