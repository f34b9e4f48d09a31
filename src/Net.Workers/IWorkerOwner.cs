using System.Runtime.InteropServices;

namespace Net.Workers;

/// <summary>Whoever a supervised worker works for. Calls come one at a time from the supervisor's threads and must not wait for the supervisor.</summary>
public interface IWorkerOwner
{
    /// <summary>A worker was started and waits for its first message.</summary>
    /// <param name="processId">Its process.</param>
    /// <returns>The first message and the descriptors that go with it, which stay the owner's.</returns>
    (WorkerMessage Message, SafeHandle[] Descriptors) Begin(int processId);

    /// <summary>The worker sent a message.</summary>
    /// <param name="message">The message.</param>
    void Received(WorkerMessage message);

    /// <summary>The worker ended without being told to, or could not be started.</summary>
    /// <param name="reason">Why, in words.</param>
    /// <param name="restartIn">How long until the next is started.</param>
    void Ended(string reason, TimeSpan restartIn);
}
