using System.Runtime.InteropServices;

namespace Net.Workers;

/// <summary>One running worker process and the channel to it.</summary>
public interface IWorkerLink : IDisposable
{
    /// <summary>The process's id.</summary>
    int ProcessId { get; }

    /// <summary>Completes when the process ended, with how it ended in words.</summary>
    Task<string> Ended { get; }

    /// <summary>Sends a message; waits while the worker does not take it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="descriptors">Descriptors to hand over; they stay open here.</param>
    /// <exception cref="IOException">The worker is gone.</exception>
    void Send(WorkerMessage message, ReadOnlySpan<SafeHandle> descriptors);

    /// <summary>Waits for the next message.</summary>
    /// <returns>The message; null when the worker closed the channel or ended.</returns>
    WorkerMessage? Receive();

    /// <summary>Ends the process at once.</summary>
    void Kill();
}
