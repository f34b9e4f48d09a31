namespace Net.Traffic;

/// <summary>Where a generator puts its packets: a batch of equal payloads in memory of its own. For one thread.</summary>
internal interface ITrafficOutput : IDisposable
{
    /// <summary>Payloads of a batch.</summary>
    int Capacity { get; }

    /// <summary>Neighbouring payloads that can be queued as one run.</summary>
    int MostRun { get; }

    /// <summary>Payloads that were refused so far.</summary>
    long Refused { get; }

    /// <summary>Why the last one was refused, in the kernel's words; null when none was.</summary>
    string? Problem { get; }

    /// <summary>A payload of the batch; it keeps its bytes from batch to batch.</summary>
    /// <param name="index">Its place.</param>
    /// <returns>Its bytes.</returns>
    Span<byte> Payload(int index);

    /// <summary>Queues neighbouring payloads to one destination.</summary>
    /// <param name="first">The first place.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">Number of the destination.</param>
    void Queue(int first, int count, int destination);

    /// <summary>Sends what is queued.</summary>
    /// <returns>Payloads that were taken.</returns>
    int Flush();
}
