namespace Net.Overlay.Probes;

/// <summary>How often endpoints are probed and what follows from silence. Times are nanoseconds.</summary>
public sealed record PathProberOptions
{
    private const long Millisecond = 1_000_000;

    /// <summary>How long the selected endpoint may be silent while packets are sent to it before it is probed.</summary>
    public long ActiveInterval { get; init; } = 500 * Millisecond;

    /// <summary>How long it may be silent while nothing is sent: below the 30 s after which common NATs forget (RFC 4787, 4.3 asks for two minutes; many give less).</summary>
    public long IdleInterval { get; init; } = 15_000 * Millisecond;

    /// <summary>How often endpoints that work but are not selected are probed, so that they can take over.</summary>
    public long AlternativeInterval { get; init; } = 20_000 * Millisecond;

    /// <summary>How often candidates that failed are tried again.</summary>
    public long FailedInterval { get; init; } = 60_000 * Millisecond;

    /// <summary>The least time to wait for a pong; three smoothed round trips where those are longer.</summary>
    public long RetryInterval { get; init; } = 200 * Millisecond;

    /// <summary>How many probes in a row an endpoint may leave unanswered.</summary>
    public int MaxMissed { get; init; } = 4;

    /// <summary>How many endpoints are kept.</summary>
    public int MaxEndpoints { get; init; } = 16;

    /// <summary>By how much shorter the round trip over another endpoint must be to select it.</summary>
    public long MinGain { get; init; } = 3 * Millisecond;

    /// <summary>How many bytes may be sent to an endpoint that is neither configured nor validated for each byte received from it (RFC 9000, 8.1).</summary>
    public int AmplificationFactor { get; init; } = 3;
}
