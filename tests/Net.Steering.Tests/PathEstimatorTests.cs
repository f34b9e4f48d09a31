namespace Net.Steering.Tests;

public sealed class PathEstimatorTests
{
    [Fact]
    public void Nothing_measured_is_nothing_known()
    {
        var estimator = new PathEstimator();

        Assert.Null(estimator.SmoothedRtt);
        Assert.Null(estimator.RttVariation);
        Assert.Null(estimator.LatestRtt);
        Assert.Null(estimator.MinRtt);
        Assert.Null(estimator.Jitter);
        Assert.Null(estimator.LossRatio);
        Assert.Null(estimator.LastReplyAt);
        Assert.Null(estimator.LastSentAt);
    }

    [Fact]
    public void Round_trips_are_smoothed_as_rfc_9002_says()
    {
        var estimator = new PathEstimator();

        estimator.RecordReply(Ms(1000), Ms(100));
        Assert.Equal((Ms(100), Ms(50)), (estimator.SmoothedRtt, estimator.RttVariation));

        // rttvar = 3/4 * 50 + 1/4 * |100 - 180| = 57.5; srtt = 7/8 * 100 + 1/8 * 180 = 110
        estimator.RecordReply(Ms(2000), Ms(180));
        Assert.Equal((Ms(110), Ms(57.5)), (estimator.SmoothedRtt, estimator.RttVariation));

        // rttvar = 3/4 * 57.5 + 1/4 * 80 = 63.125; srtt = 7/8 * 110 + 1/8 * 30 = 100
        estimator.RecordReply(Ms(3000), Ms(30));
        Assert.Equal((Ms(100), Ms(63.125)), (estimator.SmoothedRtt, estimator.RttVariation));
        Assert.Equal((Ms(30), Ms(30)), (estimator.LatestRtt, estimator.MinRtt));
        Assert.Equal(Ms(3000), estimator.LastReplyAt);
    }

    [Fact]
    public void Jitter_moves_a_sixteenth_towards_each_difference()
    {
        var estimator = new PathEstimator();

        estimator.RecordReply(Ms(1), Ms(10));
        Assert.Null(estimator.Jitter);

        estimator.RecordReply(Ms(2), Ms(26));
        Assert.Equal(Ms(1), estimator.Jitter);

        estimator.RecordReply(Ms(3), Ms(9));
        Assert.Equal(Ms(2), estimator.Jitter);
    }

    [Fact]
    public void Steady_round_trips_have_no_jitter_and_fading_variation()
    {
        var estimator = new PathEstimator();
        for (int i = 0; i < 50; i++)
        {
            estimator.RecordReply(Ms(i), Ms(20));
        }

        Assert.Equal((Ms(20), TimeSpan.Zero), (estimator.SmoothedRtt, estimator.Jitter));
        Assert.InRange(estimator.RttVariation!.Value, TimeSpan.Zero, Ms(0.01));
    }

    [Fact]
    public void Loss_is_that_of_the_last_probes_only()
    {
        var estimator = new PathEstimator(lossWindow: 4);

        estimator.RecordLoss();
        Assert.Equal(1.0, estimator.LossRatio);
        estimator.RecordReply(Ms(1), Ms(1));
        Assert.Equal(0.5, estimator.LossRatio);
        estimator.RecordReply(Ms(2), Ms(1));
        estimator.RecordReply(Ms(3), Ms(1));
        Assert.Equal(0.25, estimator.LossRatio);
        estimator.RecordReply(Ms(4), Ms(1));
        Assert.Equal(0.0, estimator.LossRatio);
        Assert.Equal((4, 1), (estimator.Replied, estimator.Lost));
    }

    [Fact]
    public void Results_in_a_row_are_counted()
    {
        var estimator = new PathEstimator();

        estimator.RecordSent(Ms(5));
        estimator.RecordLoss();
        estimator.RecordLoss();
        Assert.Equal((2, 0), (estimator.ConsecutiveLosses, estimator.ConsecutiveReplies));

        estimator.RecordReply(Ms(6), Ms(1));
        Assert.Equal((0, 1), (estimator.ConsecutiveLosses, estimator.ConsecutiveReplies));
        Assert.Equal((1L, Ms(5)), (estimator.Sent, estimator.LastSentAt));
    }

    [Fact]
    public void A_round_trip_too_short_for_the_clock_still_counts_as_one()
    {
        var estimator = new PathEstimator();

        estimator.RecordReply(Ms(1), TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromTicks(1), estimator.LatestRtt);
    }

    [Fact]
    public void A_window_needs_a_probe()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PathEstimator(0));
    }

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);
}
