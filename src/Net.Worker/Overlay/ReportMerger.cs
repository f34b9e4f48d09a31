using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <summary>Makes one report of what the shards counted: peers are those of the shard that reports, everything else is of all. Any thread.</summary>
internal sealed class ReportMerger(int shards)
{
    private readonly Lock _gate = new();
    private readonly OverlayReport?[] _parts = new OverlayReport?[shards];

    /// <summary>Takes a shard's report.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="report">What it counted since the worker's start.</param>
    /// <returns>The report of all.</returns>
    public OverlayReport Merge(int shard, OverlayReport report)
    {
        if (shards == 1)
        {
            return report;
        }

        lock (_gate)
        {
            _parts[shard] = report;
            OverlayReport[] parts = [.. _parts.OfType<OverlayReport>()];
            return new OverlayReport
            {
                ModelVersion = parts.Length < shards ? 0 : parts.Min(part => part.ModelVersion),
                Peers = report.Peers,
                Drops = Sum(parts.Select(part => part.Drops), report.Drops.Length),

                // Counts of other rules than those this shard has now are no counts of these.
                RuleMatches = Sum(parts.Where(part => part.RuleMatches.Length == report.RuleMatches.Length).Select(part => part.RuleMatches), report.RuleMatches.Length),
                Flows = parts.Sum(part => part.Flows),
                Handshakes = parts.Sum(part => part.Handshakes),
                FailedHandshakes = parts.Sum(part => part.FailedHandshakes),
                Retries = parts.Sum(part => part.Retries),
                ResidentBytes = report.ResidentBytes,
                Shards = [.. parts.SelectMany(part => part.Shards)],
            };
        }
    }

    private static long[] Sum(IEnumerable<long[]> parts, int length)
    {
        long[] sum = new long[length];
        foreach (long[] part in parts)
        {
            for (int place = 0; place < length; place++)
            {
                sum[place] += part[place];
            }
        }

        return sum;
    }
}
