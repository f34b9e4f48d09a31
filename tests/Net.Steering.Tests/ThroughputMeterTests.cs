namespace Net.Steering.Tests;

public sealed class ThroughputMeterTests
{
    [Fact]
    public void A_rate_needs_two_readings()
    {
        var meter = new ThroughputMeter();
        Assert.Null(meter.BytesPerSecond);

        meter.Update(S(1), 5_000);
        Assert.Null(meter.BitsPerSecond);

        meter.Update(S(2), 6_000);
        Assert.Equal((1_000.0, 8_000.0), (meter.BytesPerSecond, meter.BitsPerSecond));
        Assert.Equal(1_000UL, meter.TotalBytes);
    }

    [Fact]
    public void An_idle_counter_is_a_rate_of_zero()
    {
        var meter = new ThroughputMeter();
        meter.Update(S(1), 7);
        meter.Update(S(2), 7);

        Assert.Equal(0.0, meter.BytesPerSecond);
    }

    [Fact]
    public void The_rate_is_that_of_the_window()
    {
        var meter = new ThroughputMeter(S(2));
        meter.Update(S(0), 0);
        meter.Update(S(1), 10_000);
        meter.Update(S(2), 10_100);
        meter.Update(S(3), 10_200);

        Assert.Equal(100.0, meter.BytesPerSecond);
    }

    [Fact]
    public void Readings_further_apart_than_the_window_still_give_a_rate()
    {
        var meter = new ThroughputMeter(S(2));
        meter.Update(S(0), 0);
        meter.Update(S(10), 1_000);
        meter.Update(S(20), 3_000);

        Assert.Equal(200.0, meter.BytesPerSecond);
    }

    [Fact]
    public void A_counter_that_starts_over_is_no_burst()
    {
        var meter = new ThroughputMeter();
        meter.Update(S(1), 1_000_000);
        meter.Update(S(2), 1_000_500);

        meter.Update(S(3), 40);
        Assert.Null(meter.BytesPerSecond);
        Assert.Equal(540UL, meter.TotalBytes);

        meter.Update(S(4), 140);
        Assert.Equal(100.0, meter.BytesPerSecond);
        Assert.Equal(640UL, meter.TotalBytes);
    }

    [Fact]
    public void A_32_bit_counter_wraps_without_a_gap()
    {
        var meter = new ThroughputMeter(is32Bit: true);
        meter.Update(S(1), uint.MaxValue - 99);
        meter.Update(S(2), 100);

        Assert.Equal(200.0, meter.BytesPerSecond);
    }

    [Fact]
    public void A_32_bit_counter_can_start_over_too()
    {
        var meter = new ThroughputMeter(is32Bit: true);
        meter.Update(S(1), 5_000);
        meter.Update(S(2), 100);

        Assert.Null(meter.BytesPerSecond);
    }

    [Fact]
    public void A_reading_that_is_not_later_is_ignored()
    {
        var meter = new ThroughputMeter();
        meter.Update(S(2), 100);
        meter.Update(S(2), 900);
        meter.Update(S(1), 900);
        meter.Update(S(3), 200);

        Assert.Equal(100.0, meter.BytesPerSecond);
    }

    [Fact]
    public void A_window_has_a_length()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThroughputMeter(TimeSpan.Zero));
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);
}
