using System.Net;

namespace Net.Relay.Tests.State;

public sealed class StandbySelectorTests
{
    private const long Millisecond = 1_000_000;
    private static readonly RelayAddress Main = RelayAddress.From(IPAddress.Parse("10.0.0.1"));
    private static readonly RelayAddress Backup = RelayAddress.From(IPAddress.Parse("10.0.0.2"));

    [Fact]
    public void The_first_source_stays_while_it_sends_when_none_is_preferred()
    {
        var selector = new StandbySelector(null, 500 * Millisecond);
        for (long now = 1; now < 5000 * Millisecond; now += 10 * Millisecond)
        {
            Assert.True(selector.Accept(Backup, now));
            Assert.False(selector.Accept(Main, now + 1));
        }

        Assert.Equal(0, selector.Switches);
        Assert.Equal(Backup, selector.Active);
    }

    [Fact]
    public void Another_source_takes_over_after_the_silence_and_not_before()
    {
        var selector = new StandbySelector(Main, 500 * Millisecond);

        Assert.True(selector.Accept(Main, 1));
        Assert.False(selector.Accept(Backup, 500 * Millisecond));
        Assert.True(selector.Accept(Backup, (500 * Millisecond) + 1));
        Assert.Equal(1, selector.Switches);
        Assert.Equal(Backup, selector.Active);
    }

    [Fact]
    public void The_preferred_source_comes_back_once_it_is_stable()
    {
        var selector = new StandbySelector(Main, 100 * Millisecond);
        Assert.True(selector.Accept(Main, 1));
        Assert.True(selector.Accept(Backup, 200 * Millisecond));

        long? back = null;
        for (long now = 300 * Millisecond; back is null; now += 10 * Millisecond)
        {
            Assert.True(selector.Accept(Backup, now));
            back = selector.Accept(Main, now) ? now : null;
        }

        Assert.Equal(700 * Millisecond, back);
        Assert.False(selector.Accept(Backup, back.Value + 1));
        Assert.Equal(2, selector.Switches);
    }

    [Fact]
    public void A_preferred_source_that_flaps_does_not_come_back()
    {
        var selector = new StandbySelector(Main, 100 * Millisecond);
        Assert.True(selector.Accept(Backup, 1));
        for (long now = Millisecond; now < 60_000 * Millisecond; now += 10 * Millisecond)
        {
            Assert.True(selector.Accept(Backup, now));
            if (now / Millisecond % 500 < 350)
            {
                Assert.False(selector.Accept(Main, now), $"at {now}");
            }
        }

        Assert.Equal(0, selector.Switches);
    }

    [Fact]
    public void Sources_that_are_not_preferred_do_not_come_back()
    {
        var selector = new StandbySelector(null, 100 * Millisecond);
        Assert.True(selector.Accept(Main, 1));
        Assert.True(selector.Accept(Backup, 200 * Millisecond));
        for (long now = 210 * Millisecond; now < 5000 * Millisecond; now += 10 * Millisecond)
        {
            Assert.True(selector.Accept(Backup, now));
            Assert.False(selector.Accept(Main, now));
        }
    }

    [Fact]
    public void There_is_no_source_before_the_first_packet()
    {
        Assert.Null(new StandbySelector(Main, 1).Active);
        Assert.Throws<ArgumentOutOfRangeException>(() => new StandbySelector(null, 0));
    }
}
