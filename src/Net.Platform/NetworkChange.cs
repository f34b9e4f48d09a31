namespace Net.Platform;

/// <summary>One thing that happened in the kernel's network.</summary>
public abstract record NetworkChange
{
    /// <summary>What happened to it.</summary>
    public abstract NetworkChangeKind Kind { get; }

    /// <summary>When we learned of it, in ticks of the monitor's <see cref="TimeProvider"/> (GetTimestamp).</summary>
    public long Timestamp { get; init; }

    private protected static NetworkChangeKind KindOf(object? old, object? current) => (old, current) switch
    {
        (null, _) => NetworkChangeKind.Added,
        (_, null) => NetworkChangeKind.Removed,
        _ => NetworkChangeKind.Changed,
    };
}
