using Net.Testing.Faults;

namespace Net.Benchmarks.Overlay;

/// <summary>Injects faults in turn, one round each, and adds up what came of them over all turns.</summary>
/// <param name="faults">All of them, in the order of the report.</param>
/// <param name="progress">Hears of every injection.</param>
internal sealed class FaultTally(IReadOnlyList<IFault> faults, Action<FaultResult> progress)
{
    private const int MostErrors = 5;

    private readonly Dictionary<string, List<FaultResult>> _results = new(StringComparer.Ordinal);

    /// <summary>Whether any fault was recovered from; if none was, going on would show nothing.</summary>
    public bool AnyRecovered => _results.Values.Any(list => list.Any(result => result.Recovered > 0));

    /// <summary>Injects these once each.</summary>
    public async Task RunAsync(IEnumerable<IFault> chosen, CancellationToken cancellationToken)
    {
        FaultRunner runner = new(TimeProvider.System) { Rounds = 1 };
        foreach (FaultResult result in await runner.RunAsync(chosen, progress, cancellationToken))
        {
            if (!_results.TryGetValue(result.Fault, out List<FaultResult>? list))
            {
                _results[result.Fault] = list = [];
            }

            list.Add(result);
        }
    }

    /// <summary>One result for each fault.</summary>
    public IEnumerable<FaultResult> Results()
    {
        foreach (IFault fault in faults)
        {
            if (!_results.TryGetValue(fault.Name, out List<FaultResult>? list))
            {
                continue;
            }

            // Of one round the median is the time it took.
            double[] seconds = [.. list.Select(result => result.Median).OfType<double>().Order()];
            string[] errors = [.. list.SelectMany((result, turn) => result.Errors.Select(error => $"turn {turn + 1}, {error}"))];
            yield return new FaultResult(
                fault.Area, fault.Name, list.Sum(result => result.Tried), list.Sum(result => result.Recovered),
                seconds.Length == 0 ? null : (seconds[(seconds.Length - 1) / 2] + seconds[seconds.Length / 2]) / 2, seconds.Length == 0 ? null : seconds[^1],
                fault.Target.TotalSeconds, list.All(result => result.Met), [.. errors.Take(MostErrors)]);
        }
    }
}
