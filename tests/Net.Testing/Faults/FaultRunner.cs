namespace Net.Testing.Faults;

/// <summary>Injects faults one after the other, several rounds each, and measures how long recovery takes without help.</summary>
public sealed class FaultRunner(TimeProvider time)
{
    private const int PatienceFactor = 10;

    /// <summary>How often the state is looked at; the error of every time in the report.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    public int Rounds { get; init; } = 5;

    public async Task<IReadOnlyList<FaultResult>> RunAsync(IEnumerable<IFault> faults, Action<FaultResult>? progress, CancellationToken cancellationToken)
    {
        List<FaultResult> results = [];
        foreach (IFault fault in faults)
        {
            FaultResult result = await RunFaultAsync(fault, cancellationToken).ConfigureAwait(false);
            results.Add(result);
            progress?.Invoke(result);
        }

        return results;
    }

    private async Task<FaultResult> RunFaultAsync(IFault fault, CancellationToken cancellationToken)
    {
        List<double> seconds = [];
        List<string> errors = [];
        int tried = 0;
        for (int round = 1; round <= Rounds; round++)
        {
            try
            {
                await fault.PrepareAsync(cancellationToken).ConfigureAwait(false);
                tried++;
                TimeSpan? elapsed = await MeasureAsync(fault, cancellationToken).ConfigureAwait(false);
                if (elapsed is TimeSpan recovered)
                {
                    seconds.Add(recovered.TotalSeconds);
                }
                else
                {
                    errors.Add($"round {round}: not recovered after {(fault.Target * PatienceFactor).TotalSeconds:0.##} s");
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // One fault that cannot be tried must not hide what the others show.
                errors.Add($"round {round}: {failure.Message}");
            }
        }

        seconds.Sort();
        double? max = seconds.Count == 0 ? null : seconds[^1];
        bool met = errors.Count == 0 && tried == Rounds && seconds.Count == tried && max <= fault.Target.TotalSeconds;
        return new FaultResult(fault.Area, fault.Name, tried, seconds.Count, Median(seconds), max, fault.Target.TotalSeconds, met, errors);
    }

    private async Task<TimeSpan?> MeasureAsync(IFault fault, CancellationToken cancellationToken)
    {
        TimeSpan patience = fault.Target * PatienceFactor;
        using PeriodicTimer timer = new(PollInterval, time);
        await fault.InjectAsync(cancellationToken).ConfigureAwait(false);
        long start = time.GetTimestamp();
        while (true)
        {
            bool recovered = await fault.IsRecoveredAsync(cancellationToken).ConfigureAwait(false);
            TimeSpan elapsed = time.GetElapsedTime(start);
            if (recovered)
            {
                return elapsed;
            }

            if (elapsed >= patience)
            {
                return null;
            }

            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static double? Median(List<double> sorted) =>
        sorted.Count == 0 ? null : sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
}
