using Net.Worker.Overlay;

namespace Net.Worker.Tests.Units;

public sealed class BlackHoleTests
{
    private const long Second = 1_000_000_000;
    private const int Small = BlackHole.BaseBytes;
    private const int Large = BlackHole.BaseBytes + 1;

    private BlackHole _path;

    [Fact]
    public void Large_packets_that_are_all_lost_in_two_windows_show_one()
    {
        Send(Large, count: 10, lost: 9);
        Assert.False(_path.IsFound(2 * Second));

        Send(Large, count: 1, lost: 1);
        Assert.True(_path.IsFound(4 * Second));
    }

    [Fact]
    public void A_pause_between_them_changes_nothing()
    {
        Send(Large, count: 10, lost: 10);
        Assert.False(_path.IsFound(2 * Second));
        Assert.False(_path.IsFound(4 * Second));

        Send(Large, count: 2, lost: 2);
        Assert.True(_path.IsFound(6 * Second));
    }

    [Fact]
    public void What_an_outage_swallowed_shows_none_once_large_packets_pass_again()
    {
        Send(Large, count: 10, lost: 10);
        Assert.False(_path.IsFound(2 * Second));

        Send(Large, count: 10, lost: 0);
        Assert.False(_path.IsFound(4 * Second));
        Send(Large, count: 10, lost: 10);
        Assert.False(_path.IsFound(6 * Second));
    }

    [Fact]
    public void Nothing_is_said_before_the_window_is_over()
    {
        Send(Large, count: 10, lost: 10);
        Assert.False(_path.IsFound(2 * Second));
        Send(Large, count: 10, lost: 10);

        Assert.False(_path.IsFound(4 * Second - 1));
        Assert.True(_path.IsFound(4 * Second));
    }

    [Fact]
    public void Loss_of_small_packets_is_no_matter_of_size()
    {
        Send(Small, count: 100, lost: 100);
        Assert.False(_path.IsFound(2 * Second));

        Send(Small, count: 100, lost: 100);
        Assert.False(_path.IsFound(4 * Second));
    }

    [Fact]
    public void A_path_with_much_loss_of_all_sizes_is_none()
    {
        Send(Large, count: 100, lost: 50);
        Assert.False(_path.IsFound(2 * Second));

        Send(Large, count: 100, lost: 50);
        Assert.False(_path.IsFound(4 * Second));
    }

    [Fact]
    public void Three_lost_packets_are_too_few_and_are_not_kept_for_later()
    {
        Send(Large, count: 3, lost: 3);
        Assert.False(_path.IsFound(2 * Second));

        Send(Large, count: 3, lost: 3);
        Assert.False(_path.IsFound(4 * Second));
    }

    private void Send(int bytes, int count, int lost)
    {
        for (int number = 0; number < count; number++)
        {
            _path.Sent(bytes);
            if (number < lost)
            {
                _path.Lost(bytes);
            }
        }
    }
}
