using Net.Traffic;

namespace Net.Benchmarks.Relay;

/// <summary>How many packets a second a relay delivers at most, and how many without loss.</summary>
internal static class RateSearch
{
    // What is lost of ten thousand is lost to somebody else on the machine.
    private const double Tolerated = 1e-4;

    // A relay that takes packets on another core may deliver less when it is flooded without limit than at a rate a little above what it can take, and one that computes on the generator's
    // core holds it up by itself: every relay, ours and peers alike, is offered all of these, 0 being as many as can be, and the most it delivered counts.
    private static readonly double[] Floods = [1_400_000, 2_000_000, 0];

    private const int Steps = 6;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    /// <summary>Warms a relay up: its code, its caches, the neighbours.</summary>
    public static async Task WarmUpAsync(RelayLab lab, IRelay relay, CancellationToken cancellationToken)
    {
        await lab.OfferAsync(new RelayLoad(60_000, Short), relay.Sink, cancellationToken);
        await lab.OfferAsync(new RelayLoad(300_000, Short), relay.Sink, cancellationToken);
    }

    /// <summary>Offers more than it can take, in several ways.</summary>
    /// <returns>The most it delivered: packets a second at each output, in the mean; and the share of what was sent then that the worst output lost.</returns>
    public static async Task<(double PerSecond, double Loss)> SaturateAsync(RelayLab lab, IRelay relay, TimeSpan duration, CancellationToken cancellationToken)
    {
        (double PerSecond, double Loss) best = default;
        foreach (double flood in Floods)
        {
            (TrafficSent sent, long[] arrived) = await lab.OfferAsync(new RelayLoad(flood, duration), relay.Sink, cancellationToken);
            double delivered = arrived.Average() / sent.Elapsed.TotalSeconds;
            best = delivered > best.PerSecond ? (delivered, Loss(sent, arrived)) : best;
        }

        return best;
    }

    /// <summary>Searches the highest rate without loss, starting from what it delivered when flooded.</summary>
    /// <returns>Packets a second; 0 when it loses at half of that still.</returns>
    public static async Task<double> WithoutLossAsync(RelayLab lab, IRelay relay, double saturated, TimeSpan duration, CancellationToken cancellationToken)
    {
        double low = saturated * 0.5;
        double high = saturated * 1.06;
        double best = 0;
        for (int step = 0; step < Steps; step++)
        {
            double rate = step == 0 ? saturated * 0.93 : Math.Sqrt(low * high);
            (TrafficSent sent, long[] arrived) = await lab.OfferAsync(new RelayLoad(rate, duration), relay.Sink, cancellationToken);
            if (Loss(sent, arrived) <= Tolerated && sent.PacketsPerSecond > rate * 0.97)
            {
                best = Math.Max(best, sent.PacketsPerSecond);
                low = rate;
            }
            else
            {
                high = rate;
            }
        }

        return best;
    }

    /// <summary>Whether a loss is none.</summary>
    public static bool IsNone(double loss) => loss <= Tolerated;

    /// <summary>The share of what was sent that the worst output did not get, 0 to 1.</summary>
    public static double Loss(TrafficSent sent, IReadOnlyCollection<long> arrived) => sent.Packets == 0 ? 1 : Math.Clamp(1 - ((double)arrived.Min() / sent.Packets), 0, 1);
}
