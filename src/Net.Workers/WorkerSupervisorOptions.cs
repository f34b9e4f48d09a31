namespace Net.Workers;

/// <summary>How a worker is watched and started anew.</summary>
public sealed record WorkerSupervisorOptions
{
    /// <summary>The second restart in a row waits this long, every further one twice as long. The first is at once, so that one crash costs little.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>A worker that ran this long has worked: the next restart is at once again.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A worker that says nothing for this long is ended. Workers report once a second. Time in which nobody looked, for half of this or longer, does not count.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is looked whether the worker has been silent for too long.</summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a worker gets to say its first word: a host that is busy or slow to read its disk must not make it start over and over.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a worker gets to end after it was told to, or after its channel closed.</summary>
    public TimeSpan EndLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Messages that may wait for a worker; one that lets more come is ended.</summary>
    public int QueuedMessages { get; init; } = 4096;
}
