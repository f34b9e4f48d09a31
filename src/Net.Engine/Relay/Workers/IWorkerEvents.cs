using Net.Workers.Relay;

namespace Net.Engine.Relay.Workers;

/// <summary>Hears of what relay workers do. Calls come from threads of the workers' supervisors and must be quick.</summary>
internal interface IWorkerEvents
{
    /// <summary>A trace saw packets.</summary>
    /// <param name="worker">The worker's index.</param>
    /// <param name="packets">The packets.</param>
    void Traced(int worker, TracedPackets packets);
}
