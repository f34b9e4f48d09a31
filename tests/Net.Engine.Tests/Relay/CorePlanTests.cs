using Net.Engine.Relay.Workers;

namespace Net.Engine.Tests.Relay;

/// <summary>Which core a relay worker is pinned to.</summary>
public sealed class CorePlanTests
{
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(4, 2)]
    public void Without_two_cores_for_each_worker_none_is_pinned(int workers, int cores) =>
        Assert.All(CorePlan.Choose(workers, [.. Enumerable.Range(0, cores)], []), core => Assert.Equal(-1, core));

    [Fact]
    public void Cores_of_the_card_s_node_come_first_and_the_last_ones_of_it() =>
        Assert.Equal([3, 2, 7], CorePlan.Choose(3, [0, 1, 2, 3, 4, 5, 6, 7], [2, 3]));

    [Theory]
    [InlineData("0-3,8\n", "0 1 2 3 8")]
    [InlineData("5", "5")]
    [InlineData("", "")]
    [InlineData("3-1", "")]
    [InlineData("0-x", "")]
    [InlineData("0-99999999", "")]
    public void The_kernel_s_lists_of_cores_are_read_and_nonsense_is_none(string text, string cores) =>
        Assert.Equal(cores, string.Join(' ', CorePlan.ParseList(text)));
}
