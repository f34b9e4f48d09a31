using Net.Workers.Relay;

namespace Net.Engine.Relay.Workers;

/// <summary>A flow a worker has.</summary>
/// <param name="Assignment">What the worker is told.</param>
/// <param name="SocketIds">Sockets it uses beside rings.</param>
/// <param name="Fingerprint">The hash of the flow.</param>
internal sealed record FlowEntry(RelayAssignment Assignment, int[] SocketIds, ulong Fingerprint)
{
    /// <summary>Whether it is still what shall be.</summary>
    /// <param name="wanted">What shall be.</param>
    public bool Is(WorkerFlow wanted) => Assignment.Engine == wanted.Engine && Assignment.Flow.Equals(wanted.Flow);
}
