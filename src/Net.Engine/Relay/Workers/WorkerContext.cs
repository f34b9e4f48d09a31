using Microsoft.Extensions.Logging;
using Net.Engine.Events;
using Net.Engine.Relay.Counters;
using Net.Engine.Relay.Host;
using Net.Workers;

namespace Net.Engine.Relay.Workers;

/// <summary>What all relay workers share.</summary>
internal sealed record WorkerContext
{
    /// <summary>The host.</summary>
    public required IRelayHost Host { get; init; }

    /// <summary>Events.</summary>
    public required EventLog Events { get; init; }

    /// <summary>Where counters go.</summary>
    public required CounterLedger Ledger { get; init; }

    /// <summary>Who hears of workers.</summary>
    public required IWorkerEvents Owner { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Where workers' lines go.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Starts workers.</summary>
    public required IWorkerLauncher Launcher { get; init; }

    /// <summary>The launcher that keeps one worker waiting, which <see cref="Launcher"/> is then; null where none waits.</summary>
    public SpareLauncher? Spare => Launcher as SpareLauncher;

    /// <summary>Ids and numbers of groups.</summary>
    public WorkerNumbers Numbers { get; } = new();

    /// <summary>How workers are watched: they report every 250 ms, and six reports missed are a worker that hangs.</summary>
    public WorkerSupervisorOptions Supervision { get; init; } = new()
    {
        SilenceLimit = TimeSpan.FromMilliseconds(1500),
        WatchInterval = TimeSpan.FromMilliseconds(250),
        QueuedMessages = 256,
    };
}
