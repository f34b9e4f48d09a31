using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;

namespace Net.Steering;

/// <summary>
/// Chooses one uplink per address family: by state first (a validated path before one that is not yet, a failed one never), then by route
/// metric, then by RTT. The path in use keeps its place until another is clearly faster, so that two alike do not take turns.
/// </summary>
public static class PathSelector
{
    // Both must be exceeded: a fifth is noise on long paths, two milliseconds on short ones.
    private const double MinRttGain = 0.2;
    private static readonly TimeSpan s_minRttGain = TimeSpan.FromMilliseconds(2);

    /// <summary>Decides about every path; the decisions are in the order of the candidates.</summary>
    public static ImmutableArray<PathDecision> Select(IReadOnlyList<PathCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var decisions = new PathDecision[candidates.Count];
        foreach (IGrouping<AddressFamily, (PathCandidate Path, int Index)> family in candidates.Select((candidate, index) => (Path: candidate, Index: index)).GroupBy(item => item.Path.Family))
        {
            List<PathCandidate> paths = [.. family.Select(item => item.Path)];
            PathCandidate? best = Best(paths);
            foreach ((PathCandidate candidate, int index) in family)
            {
                bool isSelected = ReferenceEquals(candidate, best);
                string reason = isSelected ? WhySelected(candidate, paths) : WhyNot(candidate, best);
                decisions[index] = new PathDecision(candidate, isSelected, reason);
            }
        }

        return [.. decisions];
    }

    private static PathCandidate? Best(List<PathCandidate> paths)
    {
        PathCandidate? best = paths
            .Where(path => path.Status.State != PathState.Failed)
            .OrderBy(Rank)
            .ThenBy(path => path.Metric)
            .ThenBy(path => path.SmoothedRtt ?? TimeSpan.MaxValue)
            .ThenBy(path => path.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        PathCandidate? current = paths.FirstOrDefault(path => path.IsSelected);
        return best is not null && current is not null && IsLevel(current, best) && !IsClearlyFaster(best, current) ? current : best;
    }

    private static bool IsLevel(PathCandidate a, PathCandidate b) => Rank(a) == Rank(b) && a.Metric == b.Metric;

    private static bool IsClearlyFaster(PathCandidate a, PathCandidate b) =>
        a.SmoothedRtt is TimeSpan fast
        && b.SmoothedRtt is TimeSpan slow
        && slow - fast > s_minRttGain
        && fast < slow * (1 - MinRttGain);

    private static int Rank(PathCandidate path) => path.Status.State switch
    {
        PathState.Validated => 0,
        PathState.Validating => 1,
        PathState.Unknown => 2,
        _ => 3,
    };

    private static string WhySelected(PathCandidate path, List<PathCandidate> all)
    {
        List<PathCandidate> others = [.. all.Where(other => !ReferenceEquals(other, path) && other.Status.State != PathState.Failed)];
        if (others.Count == 0)
        {
            string alone = all.Count == 1 ? "the only path" : "every other path failed";
            return $"{alone}; {path.Status.Reason}";
        }

        List<PathCandidate> sameState = [.. others.Where(other => Rank(other) == Rank(path))];
        if (sameState.Count == 0)
        {
            return path.Status.State == PathState.Validated ? $"the only validated path; {path.Status.Reason}" : $"no path is validated yet; {path.Status.Reason}";
        }

        string prefix = path.Status.State == PathState.Validated ? "" : "no path is validated yet; ";
        List<PathCandidate> sameMetric = [.. sameState.Where(other => other.Metric == path.Metric)];
        if (sameMetric.Count == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{prefix}lowest metric {path.Metric}");
        }

        if (path.SmoothedRtt is not TimeSpan rtt)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{prefix}metric {path.Metric}, no RTT is known to tell it from others");
        }

        bool isFastest = sameMetric.All(other => !(other.SmoothedRtt < rtt));
        return isFastest
            ? string.Create(CultureInfo.InvariantCulture, $"{prefix}metric {path.Metric} and lowest RTT {DurationText.Milliseconds(rtt)}")
            : string.Create(CultureInfo.InvariantCulture, $"{prefix}metric {path.Metric} and in use; no other is clearly faster than {DurationText.Milliseconds(rtt)}");
    }

    private static string WhyNot(PathCandidate path, PathCandidate? best)
    {
        if (path.Status.State == PathState.Failed || best is null)
        {
            return path.Status.Reason;
        }

        if (Rank(path) != Rank(best))
        {
            return $"{(path.Status.State == PathState.Unknown ? "unknown" : "not validated yet")} ({path.Status.Reason}), {best.Name} is {(best.Status.State == PathState.Validated ? "validated" : "being validated")}";
        }

        if (path.Metric != best.Metric)
        {
            return string.Create(CultureInfo.InvariantCulture, $"metric {path.Metric}, {best.Name} has {best.Metric}");
        }

        if (path.SmoothedRtt is TimeSpan rtt && best.SmoothedRtt is TimeSpan bestRtt)
        {
            return rtt < bestRtt
                ? $"RTT {DurationText.Milliseconds(rtt)} is not clearly lower than {DurationText.Milliseconds(bestRtt)} of {best.Name}, which is in use"
                : rtt == bestRtt
                    ? $"as good as {best.Name}, which {(best.IsSelected ? "is in use" : "comes first by name")}"
                    : $"RTT {DurationText.Milliseconds(rtt)}, {best.Name} has {DurationText.Milliseconds(bestRtt)}";
        }

        return (path.SmoothedRtt, best.SmoothedRtt) switch
        {
            (null, TimeSpan known) => $"RTT unknown, {best.Name} has {DurationText.Milliseconds(known)}",
            (TimeSpan, null) => $"{best.Name} is in use, and its RTT is not known to be worse",
            _ => $"as good as {best.Name}, which {(best.IsSelected ? "is in use" : "comes first by name")}",
        };
    }
}
