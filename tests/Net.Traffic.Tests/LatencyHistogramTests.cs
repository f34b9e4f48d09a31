namespace Net.Traffic.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_within_a_sixtieth_of_the_truth_at_every_magnitude()
    {
        Random random = new(4);
        foreach (double magnitude in (double[])[1e2, 1e4, 1e6, 1e9, 1e13])
        {
            LatencyHistogram histogram = new();
            long[] values = [.. Enumerable.Range(0, 10_000).Select(_ => (long)(magnitude * (0.5 + random.NextDouble())))];
            foreach (long value in values)
            {
                histogram.Add(value);
            }

            Array.Sort(values);
            foreach (double share in (double[])[0.01, 0.5, 0.99, 0.999])
            {
                long exact = values[(int)Math.Ceiling(share * values.Length) - 1];
                Assert.InRange(histogram.Percentile(share), exact - (exact / 60.0) - 1, exact + (exact / 60.0) + 1);
            }

            Assert.Equal(values[0], histogram.Minimum);
            Assert.Equal(values[^1], histogram.Maximum);
            Assert.Equal(values.Sum() / values.Length, histogram.Mean);
        }
    }

    [Fact]
    public void Small_times_are_exact()
    {
        LatencyHistogram histogram = new();
        for (int value = 1; value <= 100; value++)
        {
            histogram.Add(value);
        }

        Assert.Equal(50, histogram.Percentile(0.5));
        Assert.Equal(99, histogram.Percentile(0.99));
        Assert.Equal(100, histogram.Percentile(1));
    }

    [Fact]
    public void Times_below_zero_count_as_zero_and_endless_ones_as_the_longest()
    {
        LatencyHistogram histogram = new();
        histogram.Add(-5);
        histogram.Add(long.MaxValue);

        Assert.Equal(0, histogram.Minimum);
        Assert.Equal((1L << 48) - 1, histogram.Maximum);
        Assert.Equal(2, histogram.Count);
    }

    [Fact]
    public void Two_histograms_add_up_to_what_one_would_have_counted()
    {
        LatencyHistogram both = new();
        LatencyHistogram first = new();
        LatencyHistogram second = new();
        for (int value = 10; value < 5_000; value += 7)
        {
            both.Add(value);
            (value % 2 == 0 ? first : second).Add(value);
        }

        first.Add(second);

        Assert.Equal(both.Summarize(), first.Summarize());
    }

    [Fact]
    public void Nothing_counted_is_nothing_known()
    {
        Assert.Null(new LatencyHistogram().Summarize());
        Assert.Equal(0, new LatencyHistogram().Percentile(0.5));
    }
}
