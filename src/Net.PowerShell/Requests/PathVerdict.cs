using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>Whether measured paths are good enough: there is one, and every one is.</summary>
/// <param name="maximumLossRatio">The share of probes that may stay without a reply; null asks for one reply at least.</param>
/// <param name="maximumRoundTripTime">The longest median round trip; null for any.</param>
internal sealed class PathVerdict(double? maximumLossRatio, TimeSpan? maximumRoundTripTime)
{
    /// <summary>Whether all is well.</summary>
    public bool IsGood { get; private set; }

    /// <summary>Why, or why not.</summary>
    public string Reason { get; private set; } = "no path of that name";

    /// <summary>Takes the measurements in. A path that does not exist is not good, which is an answer and no failure.</summary>
    public async Task JudgeAsync(IAsyncEnumerable<PathMeasurement> measurements, CancellationToken cancellationToken)
    {
        int good = 0;
        string? fault = null;
        try
        {
            await foreach (PathMeasurement measurement in measurements.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                fault ??= FaultOf(measurement);
                good++;
            }
        }
        catch (EngineException exception) when (exception.ErrorId == ErrorCatalogue.PathNotFound.Id)
        {
            return;
        }

        IsGood = good > 0 && fault is null;
        Reason = fault ?? (good > 0 ? "every path answers" : Reason);
    }

    private string? FaultOf(PathMeasurement measurement)
    {
        double allowed = maximumLossRatio ?? 1;
        if (measurement.Received == 0 || measurement.LossRatio > allowed)
        {
            return FormattableString.Invariant(
                $"{measurement.PathId} lost {measurement.LossRatio:P0} of {measurement.Sent} probes. {measurement.FailureReason}").TrimEnd();
        }

        return measurement.MedianRoundTripTime > maximumRoundTripTime
            ? FormattableString.Invariant($"{measurement.PathId} takes {measurement.MedianRoundTripTime?.TotalMilliseconds:F1} ms")
            : null;
    }
}
