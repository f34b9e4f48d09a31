namespace Net.Workers.Relay;

/// <summary>The first message to a new relay worker, with descriptors.</summary>
public sealed record StartRelay : WorkerMessage
{
    /// <summary>The worker's number, from 0.</summary>
    public required int WorkerIndex { get; init; }

    /// <summary>How many workers there are.</summary>
    public required int WorkerCount { get; init; }

    /// <summary>The core the worker's thread keeps to; null leaves it to the kernel.</summary>
    public int? Core { get; init; }

    /// <summary>How often it reports. A worker that misses several reports is stuck.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The least level of what it logs, as in Microsoft.Extensions.Logging: 0 trace to 5 critical, 6 for nothing.</summary>
    public int LogLevel { get; init; } = 2;

    /// <summary>Whether it locks itself by a filter of system calls once it has its descriptors.</summary>
    public bool LockProcess { get; init; } = true;

    /// <summary>What the descriptors are.</summary>
    public RelayDescriptors Descriptors { get; init; } = new();

    /// <summary>Its flows.</summary>
    public RelayAssignment[] Flows { get; init; } = [];
}
