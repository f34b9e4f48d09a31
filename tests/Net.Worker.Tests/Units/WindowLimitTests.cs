using Net.Platform.Linux;
using Net.Worker.Overlay;

namespace Net.Worker.Tests.Units;

public sealed class WindowLimitTests
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;
    private const long Tick = 100 * Millisecond;

    private WindowLimit _limit;
    private long _now;

    public WindowLimitTests() => _limit.Emptied();

    [Fact]
    public void Packets_that_wait_while_the_round_trip_stays_the_shortest_show_one_after_half_a_second() =>
        Assert.Equal(700 * Millisecond, FoundAfter(2 * Second, roundTrip: 41));

    [Fact]
    public void A_long_path_is_given_eight_round_trips() => Assert.Equal(1_800 * Millisecond, FoundAfter(5 * Second, roundTrip: 200, least: 200));

    [Fact]
    public void Packets_that_wait_on_the_path_show_none() => Assert.Null(FoundAfter(60 * Second, roundTrip: 46));

    [Fact]
    public void The_pause_of_BBR_to_see_the_shortest_round_trip_shows_none()
    {
        for (int pause = 0; pause < 10; pause++)
        {
            Assert.Null(FoundAfter(400 * Millisecond, roundTrip: 40));
            Assert.Null(FoundAfter(5 * Second, roundTrip: 70));
        }
    }

    [Fact]
    public void A_queue_that_becomes_empty_now_and_then_shows_none()
    {
        for (int burst = 0; burst < 20; burst++)
        {
            Assert.Null(FoundAfter(400 * Millisecond, roundTrip: 40));
            _limit.Emptied();
        }
    }

    [Fact]
    public void A_fresh_connection_may_still_open_its_window() => Assert.Null(FoundAfter(2 * Second, roundTrip: 40, age: 790 * Millisecond));

    [Fact]
    public void A_path_that_drops_instead_of_queueing_is_left_alone_for_longer_each_time()
    {
        long[] found = [.. Enumerable.Range(0, 6).Select(_ => FoundAfter(1_000 * Second, roundTrip: 40)!.Value / Second)];

        Assert.Equal([0, 10, 20, 40, 80, 160], found);
    }

    [Fact]
    public void After_a_long_good_time_it_is_as_at_the_beginning()
    {
        Assert.NotNull(FoundAfter(Second, roundTrip: 40));
        Assert.Null(FoundAfter(30 * Second, roundTrip: 70));

        Assert.Equal(600 * Millisecond, FoundAfter(Second, roundTrip: 40));
        Assert.Equal(10 * Second, FoundAfter(60 * Second, roundTrip: 40));
    }

    [Fact]
    public void Over_a_short_path_BBR_looks_for_more_soon_enough_itself() => Assert.Null(FoundAfter(10 * Second, roundTrip: 7, least: 7));

    [Fact]
    public void Nothing_is_said_before_a_round_trip_is_known() => Assert.Null(FoundAfter(10 * Second, roundTrip: 0, least: 0));

    // The time until it is found, in ticks of a tenth of a second; null when it is not within a time.
    private long? FoundAfter(long time, long roundTrip, long least = 40, long age = 60 * Second)
    {
        var info = new QuicConnectionInfo(roundTrip * Millisecond, roundTrip * Millisecond, least * Millisecond, 0, 100_000, 100_000);
        for (long end = _now + time, start = _now; _now < end;)
        {
            _now += Tick;
            if (_limit.IsFound(in info, age, _now))
            {
                return _now - start;
            }
        }

        return null;
    }
}
