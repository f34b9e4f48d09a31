using Net.Overlay.Queues;

namespace Net.Overlay.Tests.Queues;

public sealed class ThinFlowsTests
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;

    private readonly ThinFlows _flows = new();

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(1_000)]
    public void Echoes_are_a_thin_flow_from_the_first_one_after_64_ms_on(int every)
    {
        long first = Enumerable.Range(0, 2_000).Select(count => count * every * Millisecond).First(time => _flows.IsThin(7, 84, Second + time));

        Assert.InRange(first, 64 * Millisecond, Math.Max(84, every) * Millisecond);
        Assert.All(Enumerable.Range(1, 1_000), count => Assert.True(_flows.IsThin(7, 84, Second + first + (count * every * Millisecond))));
    }

    [Fact]
    public void A_flow_that_moves_data_is_not_thin_however_small_its_packets_are() =>
        Assert.DoesNotContain(true, Enumerable.Range(0, 10_000).Select(count => _flows.IsThin(7, 400, Second + (count * Millisecond))).Skip(41));

    [Fact]
    public void An_exchange_that_is_over_at_once_is_none() =>
        Assert.DoesNotContain(true, Enumerable.Range(0, 6).Select(count => _flows.IsThin(7, 120, Second + (count * Millisecond))));

    [Fact]
    public void What_was_said_long_ago_does_not_count()
    {
        _flows.IsThin(7, 84, Second);

        Assert.False(_flows.IsThin(7, 84, 4 * Second));
        Assert.True(_flows.IsThin(7, 84, 5 * Second));
    }

    [Fact]
    public void A_flow_that_becomes_quiet_is_thin_two_windows_later()
    {
        for (int count = 0; count < 1_000; count++)
        {
            _flows.IsThin(7, 1_400, Second + (count * Millisecond));
        }

        Assert.False(_flows.IsThin(7, 84, (2 * Second) + (20 * Millisecond)));
        Assert.True(_flows.IsThin(7, 84, (2 * Second) + (200 * Millisecond)));
    }

    [Fact]
    public void Flows_do_not_disturb_each_other()
    {
        bool[] seen = [.. Enumerable.Range(0, 200).Select(count =>
        {
            _flows.IsThin(8, 64_000, Second + (count * Millisecond));
            return _flows.IsThin(7, 84, Second + (count * Millisecond));
        })];

        Assert.DoesNotContain(false, seen[64..]);
    }
}
