namespace Net.Overlay.Sessions;

/// <summary>How a peer is connected to. Times are nanoseconds.</summary>
public sealed record PeerLifecycleOptions
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;

    /// <summary>Whether to connect without being asked to by traffic, and to keep trying.</summary>
    public bool IsPersistent { get; init; } = true;

    /// <summary>After how long without inner packets the connection is closed until there are some; 0 for never.</summary>
    public long IdleClose { get; init; }

    /// <summary>After how long without a sign of life a keepalive is sent.</summary>
    public long KeepAlive { get; init; } = 10 * Second;

    /// <summary>After how long without a sign of life the connection is given up: three keepalives and a little.</summary>
    public long SilenceLimit { get; init; } = 35 * Second;

    /// <summary>How long to wait for one endpoint before the next is dialled beside it (RFC 8305, 5).</summary>
    public long DialStagger { get; init; } = 250 * Millisecond;

    /// <summary>How long a handshake may take.</summary>
    public long DialTimeout { get; init; } = 10 * Second;

    /// <summary>How long the hellos may take after the handshake.</summary>
    public long HelloTimeout { get; init; } = 5 * Second;

    /// <summary>The wait after the first failure; it doubles with each one.</summary>
    public long FirstBackoff { get; init; } = 250 * Millisecond;

    /// <summary>The longest wait between tries.</summary>
    public long MaxBackoff { get; init; } = 30 * Second;

    /// <summary>The wait after the first refusal; it doubles with each one.</summary>
    public long FirstRefusedRetry { get; init; } = 2 * Second;

    /// <summary>The longest wait after refusals: it takes an administrator to change that by then.</summary>
    public long RefusedRetry { get; init; } = 60 * Second;

    /// <summary>How long traffic counts as wanting a connection.</summary>
    public long DemandTime { get; init; } = 60 * Second;

    /// <summary>How long the TLS client of the connection that takes over keeps the other open for packets on their way.</summary>
    public long DrainTime { get; init; } = 1 * Second;

    /// <summary>How long the other side waits for the client to close before it does.</summary>
    public long LingerTime { get; init; } = 5 * Second;

    /// <summary>How long a connection must last to count as a success.</summary>
    public long StableTime { get; init; } = 5 * Second;

    /// <summary>How long the node with the higher id leaves a replacement to the other, so that not both make one.</summary>
    public long ReplaceDelay { get; init; } = 500 * Millisecond;

    /// <summary>The least time between replacements, and between tries to make one.</summary>
    public long ReplaceInterval { get; init; } = 2 * Second;

    /// <summary>How often a replacement is tried before the present connection is left as it is.</summary>
    public int ReplaceTries { get; init; } = 3;
}
