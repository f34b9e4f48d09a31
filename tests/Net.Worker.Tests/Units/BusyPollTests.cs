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
    public void A_core_that_others_use_is_left_to_them_longer_each_time()
    {
        var poll = new BusyPoll(2 * Millisecond);

        poll.Offered(before: 0, after: Millisecond);
        Assert.False(poll.IsWorthwhile(now: 100 * Millisecond, lastPacket: 100 * Millisecond));
        Assert.True(poll.IsWorthwhile(now: 101 * Millisecond, lastPacket: 101 * Millisecond));

        poll.Offered(before: 101 * Millisecond, after: 102 * Millisecond);
        Assert.False(poll.IsWorthwhile(now: 301 * Millisecond, lastPacket: 301 * Millisecond));
        Assert.True(poll.IsWorthwhile(now: 302 * Millisecond, lastPacket: 302 * Millisecond));
    }

    [Fact]
    public void A_core_that_nobody_wanted_for_a_while_begins_anew_with_the_shortest_pause()
    {
        var poll = new BusyPoll(2 * Millisecond);
        poll.Offered(before: 0, after: Millisecond);
        poll.Offered(before: 101 * Millisecond, after: 102 * Millisecond);

        poll.Offered(before: 2_000 * Millisecond, after: 2_000 * Millisecond);
        poll.Offered(before: 2_001 * Millisecond, after: 2_002 * Millisecond);

        Assert.True(poll.IsWorthwhile(now: 2_102 * Millisecond, lastPacket: 2_102 * Millisecond));
    }
}
