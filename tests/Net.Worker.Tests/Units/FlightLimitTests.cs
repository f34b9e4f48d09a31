using Net.Platform.Linux;
using Net.Worker.Overlay;

namespace Net.Worker.Tests.Units;

public sealed class FlightLimitTests
{
    private const long Microsecond = 1_000;
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;
    private const long Shortest = 150 * Microsecond;

    private FlightLimit _limit;
    private long _now = Second;

    [Fact]
    public void Without_a_thin_flow_there_is_none() => Assert.Equal(long.MaxValue, _limit.Room(Info(20 * Millisecond, 4_000_000), _now));

    [Fact]
    public void While_nothing_waits_on_the_path_there_is_none()
    {
        _limit.Guard(_now);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(long.MaxValue, After(2 * Millisecond, Info(900 * Microsecond, 4_000_000))));
    }

    [Fact]
    public void What_waits_on_the_path_is_taken_down_to_a_millisecond_and_kept_there()
    {
        List<long> waits = [];
        long inFlight = 4_000_000;
        for (int step = 0; step < 6_400; step++)
        {
            // 400 MB/s: what is in flight above the shortest round trip waits. A sixteenth of it is acknowledged at once, and the sender always has more.
            long roundTrip = Math.Max(Shortest, inFlight * Second / 400_000_000);
            waits.Add(roundTrip - Shortest);
            inFlight -= inFlight / 16;
            _limit.Guard(_now);
            long room = After(roundTrip / 16, Info(roundTrip, inFlight));
            inFlight = Math.Min(4_000_000, inFlight + Math.Min(4_000_000, room));
        }

        Assert.InRange(waits[0], 9 * Millisecond, 11 * Millisecond);
        Assert.All(waits[3_200..], wait => Assert.InRange(wait, 300 * Microsecond, 1_500 * Microsecond));
    }

    [Fact]
    public void Two_seconds_after_the_thin_flow_it_ends()
    {
        _limit.Guard(_now);
        Assert.Equal(0, _limit.Room(Info(20 * Millisecond, 4_000_000), _now));

        Assert.Equal(0, After(1_900 * Millisecond, Info(20 * Millisecond, 4_000_000)));
        Assert.Equal(long.MaxValue, After(200 * Millisecond, Info(20 * Millisecond, 4_000_000)));
    }

    [Fact]
    public void A_thin_flow_that_comes_later_finds_no_limit_of_before()
    {
        _limit.Guard(_now);
        Assert.Equal(0, _limit.Room(Info(20 * Millisecond, 4_000_000), _now));

        _now += 60 * Second;
        _limit.Guard(_now);

        Assert.Equal(long.MaxValue, _limit.Room(Info(900 * Microsecond, 4_000_000), _now));
    }

    [Fact]
    public void Sending_goes_on_in_groups_and_not_packet_by_packet()
    {
        _limit.Guard(_now);
        _limit.Room(Info(20 * Millisecond, 1_000_000), _now);

        // The limit is three quarters of what was in flight.
        Assert.Equal(0, _limit.Room(Info(20 * Millisecond, 740_000), _now));
        Assert.Equal(750_000 - 600_000, _limit.Room(Info(20 * Millisecond, 600_000), _now));
    }

    [Fact]
    public void Where_holding_back_is_of_no_help_it_pauses()
    {
        int held = 0;
        int free = 0;
        for (int step = 0; step < 2_000; step++)
        {
            _limit.Guard(_now);
            if (After(20 * Millisecond, Info(20 * Millisecond, 1_000_000)) == long.MaxValue)
            {
                free++;
            }
            else
            {
                held++;
            }
        }

        Assert.InRange(free, 1_500, 1_900);
        Assert.Equal(2_000, held + free);
    }

    [Fact]
    public void Over_a_slow_path_it_stays_although_one_group_takes_longer_than_a_millisecond()
    {
        for (int step = 0; step < 2_000; step++)
        {
            // 5 MB/s: 64 KB take 13 ms, a window of 4 MB took 800.
            _limit.Guard(_now);
            long roundTrip = step < 30 ? 800 * Millisecond : 13 * Millisecond;

            Assert.NotEqual(long.MaxValue, After(roundTrip, Info(roundTrip, step < 30 ? 4_000_000 : 65_000)));
        }
    }

    [Fact]
    public void Little_in_flight_is_not_what_waits()
    {
        _limit.Guard(_now);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(long.MaxValue, After(20 * Millisecond, Info(20 * Millisecond, 40_000))));
    }

    [Fact]
    public void An_unknown_round_trip_limits_nothing()
    {
        _limit.Guard(_now);

        Assert.Equal(long.MaxValue, _limit.Room(new QuicConnectionInfo(20 * Millisecond, 20 * Millisecond, long.MaxValue, 0, 8_000_000, 4_000_000), _now));
    }

    private long After(long time, QuicConnectionInfo info)
    {
        _now += time;
        return _limit.Room(in info, _now);
    }

    private static QuicConnectionInfo Info(long roundTrip, long inFlight) => new(roundTrip, roundTrip, Shortest, 0, 8_000_000, inFlight);
}
