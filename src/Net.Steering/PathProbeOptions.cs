namespace Net.Steering;

/// <summary>How often a path is probed and how many results change its state.</summary>
public sealed record PathProbeOptions
{
    /// <summary>Time between probes. A failure is noticed after about <see cref="MaxLost"/> intervals.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time after which a probe without a reply counts as lost. A satellite path takes 0.6 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes lost in a row before the path counts as failed. One alone may be chance.</summary>
    public int MaxLost { get; init; } = 3;

    /// <summary>Replies in a row before a failed path counts as validated again, so that a flapping path is not returned to at once.</summary>
    public int RecoverAfter { get; init; } = 2;

    /// <summary>Probes over which loss is measured: with 100, one is a percent.</summary>
    public int LossWindow { get; init; } = 100;

    /// <summary>Checks that every value makes sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        // Below 10 ms probes become load; the upper bounds are where a result no longer says anything about now.
        ArgumentOutOfRangeException.ThrowIfLessThan(Interval, TimeSpan.FromMilliseconds(10), nameof(Interval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Interval, TimeSpan.FromHours(1), nameof(Interval));
        ArgumentOutOfRangeException.ThrowIfLessThan(Timeout, TimeSpan.FromMilliseconds(1), nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Timeout, TimeSpan.FromMinutes(1), nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLost, 1, nameof(MaxLost));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxLost, 100, nameof(MaxLost));
        ArgumentOutOfRangeException.ThrowIfLessThan(RecoverAfter, 1, nameof(RecoverAfter));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RecoverAfter, 100, nameof(RecoverAfter));
        ArgumentOutOfRangeException.ThrowIfLessThan(LossWindow, 1, nameof(LossWindow));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LossWindow, 10_000, nameof(LossWindow));
    }
}
