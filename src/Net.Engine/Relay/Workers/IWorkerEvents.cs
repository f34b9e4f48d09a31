using Net.Workers.Relay;

namespace Net.Engine.Relay.Workers;

/// <summary>Hears of what relay workers do. Calls come from threads of the workers' supervisors and must be quick.</summary>
internal interface IWorkerEvents
{
    /// <summary>A worker's state changed, and with it what can be said of its rules.</summary>
    /// <param name="worker">The worker's index.</param>
    void WorkerChanged(int worker);

    /// <summary>A trace saw packets.</summary>
    /// <param name="worker">The worker's index.</param>
    /// <param name="packets">The packets.</param>
    void Traced(int worker, TracedPackets packets);

    /// <summary>A worker ended, and with it the traces it made.</summary>
    /// <param name="worker">The worker's index.</param>
    void WorkerEnded(int worker);
}
