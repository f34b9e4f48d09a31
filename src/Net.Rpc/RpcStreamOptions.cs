namespace Net.Rpc;

/// <summary>
/// How a stream of items is produced and packed. The default produces ahead of the consumer and sends everything that is
/// ready in one answer, but never waits for a second item when one is there: live streams stay live, long ones go fast.
/// </summary>
public sealed record RpcStreamOptions
{
    /// <summary>The default described above.</summary>
    public static RpcStreamOptions Default { get; } = new();

    /// <summary>One item per answer, produced when it is asked for.</summary>
    public static RpcStreamOptions OnDemand { get; } = new() { MaxReadAhead = 0, MaxBatchSize = 1 };

    /// <summary>How many items an answer waits for, unless the stream ends before.</summary>
    public int MinBatchSize { get; init; } = 1;

    /// <summary>How many items are produced before the consumer asks for them.</summary>
    public int MaxReadAhead { get; init; } = 1024;

    /// <summary>The most items in one answer.</summary>
    public int MaxBatchSize { get; init; } = 1024;

    /// <summary>An answer is closed once its items take this many bytes, so that large items cannot break the message limit.</summary>
    public int MaxBatchBytes { get; init; } = 1024 * 1024;

    /// <summary>How many items the first answer waits for and carries; a stream that ends within them needs no second answer.</summary>
    public int Prefetch { get; init; }
}
