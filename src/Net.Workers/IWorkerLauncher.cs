namespace Net.Workers;

/// <summary>Starts worker processes of one kind.</summary>
public interface IWorkerLauncher
{
    /// <summary>Starts a worker.</summary>
    /// <returns>The worker and the channel to it; the caller disposes it.</returns>
    /// <exception cref="IOException">It could not be started; the message says why.</exception>
    IWorkerLink Launch();
}
