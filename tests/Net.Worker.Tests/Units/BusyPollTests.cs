using Net.Worker.Overlay;

namespace Net.Worker.Tests.Units;

public sealed class BusyPollTests
{
    private const long Millisecond = 1_000_000;

    [Fact]
    public void It_looks_on_for_as_long_as_it_was_told_after_a_packet()
    {
        var poll = new BusyPoll(2 * Millisecond);

        Assert.True(poll.IsWorthwhile(now: 11 * Millisecond, lastPacket: 10 * Millisecond));
        Assert.False(poll.IsWorthwhile(now: 12 * Millisecond, lastPacket: 10 * Millisecond));
    }

    [Fact]
    public void A_duration_of_zero_never_looks_on() => Assert.False(new BusyPoll(0).IsWorthwhile(now: 10 * Millisecond, lastPacket: 10 * Millisecond));

    [Fact]
    public void A_core_that_others_work_on_is_left_to_them_longer_each_time()
    {
        var poll = new BusyPoll(2 * Millisecond);

        poll.Offered(before: 0, after: 10 * Millisecond);
        Assert.False(poll.IsWorthwhile(now: 109 * Millisecond, lastPacket: 109 * Millisecond));
        Assert.True(poll.IsWorthwhile(now: 110 * Millisecond, lastPacket: 110 * Millisecond));

        poll.Offered(before: 110 * Millisecond, after: 120 * Millisecond);
        Assert.False(poll.IsWorthwhile(now: 319 * Millisecond, lastPacket: 319 * Millisecond));
        Assert.True(poll.IsWorthwhile(now: 320 * Millisecond, lastPacket: 320 * Millisecond));
    }

    [Fact]
    public void One_interrupt_among_many_looks_changes_nothing()
    {
        var poll = new BusyPoll(2 * Millisecond);

        poll.Offered(before: 0, after: Millisecond);
        Look(poll, from: Millisecond, to: 12 * Millisecond);

        Assert.True(poll.IsWorthwhile(now: 12 * Millisecond, lastPacket: 12 * Millisecond));
    }

    [Fact]
    public void A_core_that_nobody_wanted_for_a_while_begins_anew_with_the_shortest_pause()
    {
        var poll = new BusyPoll(2 * Millisecond);
        poll.Offered(before: 0, after: 10 * Millisecond);
        poll.Offered(before: 110 * Millisecond, after: 120 * Millisecond);

        Look(poll, from: 2_000 * Millisecond, to: 2_010 * Millisecond);
        poll.Offered(before: 2_010 * Millisecond, after: 2_020 * Millisecond);

        Assert.True(poll.IsWorthwhile(now: 2_120 * Millisecond, lastPacket: 2_120 * Millisecond));
    }

    private static void Look(BusyPoll poll, long from, long to)
    {
        for (long now = from; now < to; now += 1_000)
        {
            poll.Offered(now, now + 1_000);
        }
    }
}
