namespace Net.Steering;

/// <summary>Tells which uplink the kernel uses for packets without a more specific route: the one whose default route has the lowest metric
/// on a link that works. It describes what the kernel does; it changes nothing.</summary>
public static class UplinkSelector
{
    /// <summary>Says of each candidate whether it is in use and why. Of equals the first in the list wins, as in the kernel's table.</summary>
    public static IReadOnlyDictionary<string, UplinkSelection> Select(IReadOnlyList<UplinkCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var result = new Dictionary<string, UplinkSelection>(candidates.Count, StringComparer.Ordinal);
        foreach (UplinkCandidate candidate in candidates)
        {
            UplinkCandidate[] rivals = [.. candidates.Where(other => other.IsIPv6 == candidate.IsIPv6 && other.HasRoute && other.IsLinkUsable)];
            result[candidate.PathId] = Judge(candidate, rivals);
        }

        return result;
    }

    private static UplinkSelection Judge(UplinkCandidate candidate, UplinkCandidate[] rivals)
    {
        string family = candidate.IsIPv6 ? "IPv6" : "IPv4";
        if (!candidate.HasRoute)
        {
            return new UplinkSelection(false, "the kernel has no default route over it");
        }

        if (!candidate.IsLinkUsable)
        {
            return new UplinkSelection(false, "its link is down");
        }

        UplinkCandidate best = rivals.MinBy(rival => rival.RouteMetric)!;
        if (best.PathId != candidate.PathId)
        {
            return new UplinkSelection(false, best.RouteMetric == candidate.RouteMetric
                ? $"{best.PathId} has the same metric and comes first"
                : $"{best.PathId} has the lower metric, {best.RouteMetric} against {candidate.RouteMetric}");
        }

        return new UplinkSelection(true, rivals.Length == 1
            ? $"the only {family} default route that works"
            : $"the lowest metric, {candidate.RouteMetric}, of {rivals.Length} {family} default routes that work");
    }
}
