namespace Net.Relay.Tests.State;

public sealed class TokenBucketTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(333_333)]
    public void The_rate_of_packets_holds_over_time_however_many_come(long rate)
    {
        var bucket = new TokenBucket(rate, 0, now: 0);
        long passed = 0;
        long step = (Second / (rate * 3)) + 1;
        for (long now = 0; now < 10 * Second && passed < 5_000_000; now += step)
        {
            passed += bucket.TryTake(100, now) ? 1 : 0;
        }

        // What a full bucket holds comes on top.
        Assert.InRange(passed, rate * 10 * 0.99, (rate * 10 * 1.01) + Math.Max(1, rate * 0.1) + 1);
    }

    [Fact]
    public void The_rate_of_bits_holds_over_time_for_packets_of_all_lengths()
    {
        const long Rate = 8_000_000;
        var bucket = new TokenBucket(0, Rate, now: 0);
        var random = new Random(3);
        long bits = 0;
        for (long now = 0; now < 10 * Second; now += 100_000)
        {
            int bytes = random.Next(28, 9000);
            bits += bucket.TryTake(bytes, now) ? bytes * 8 : 0;
        }

        Assert.InRange(bits, Rate * 10 * 0.99, Rate * 10 * 1.03);
    }

    [Fact]
    public void A_packet_larger_than_the_burst_passes_and_is_paid_for()
    {
        var bucket = new TokenBucket(0, 8_000, now: 0);

        Assert.True(bucket.TryTake(1000, 0));
        Assert.False(bucket.TryTake(1000, Second / 2));
        Assert.True(bucket.TryTake(1000, Second));
    }

    [Fact]
    public void Both_limits_hold_at_once()
    {
        var bucket = new TokenBucket(1000, 80_000, now: 0);

        int passed = 0;
        for (long now = 0; now < Second; now += Second / 2000)
        {
            passed += bucket.TryTake(100, now) ? 1 : 0;
        }

        Assert.InRange(passed, 100, 112);
    }

    [Fact]
    public void Idle_time_is_saved_up_for_a_tenth_of_a_second_only()
    {
        var bucket = new TokenBucket(100, 0, now: 0);

        int passed = 0;
        for (int packet = 0; packet < 50; packet++)
        {
            passed += bucket.TryTake(100, 3600 * Second) ? 1 : 0;
        }

        Assert.Equal(10, passed);
    }

    [Fact]
    public void A_clock_that_goes_back_fills_nothing()
    {
        var bucket = new TokenBucket(1, 0, now: 10 * Second);

        Assert.True(bucket.TryTake(1, 10 * Second));
        Assert.False(bucket.TryTake(1, 5 * Second));
        Assert.False(bucket.TryTake(1, (10 * Second) + (Second / 2)));
        Assert.True(bucket.TryTake(1, 11 * Second));
    }

    [Fact]
    public void Negative_rates_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(-1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(0, -1, 0));
    }
}
