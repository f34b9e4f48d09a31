using Net.Engine.Firewall;
using Net.Platform;
using Net.Testing;

namespace Net.Engine.Tests.Firewall;

/// <summary>A repair waits for the announcement that says who it was, and not for long.</summary>
public sealed class HeardGenerationsTests
{
    private static readonly TimeSpan s_bound = TimeSpan.FromMilliseconds(250);

    private readonly ManualTimeProvider _clock = new();
    private readonly HeardGenerations _heard;

    public HeardGenerationsTests() => _heard = new HeardGenerations(_clock);

    [Fact]
    public async Task What_was_told_already_is_not_waited_for()
    {
        _heard.Heard(new FirewallGeneration { Id = 7 });

        Assert.True(await _heard.WaitForAsync(7, s_bound, TestContext.Current.CancellationToken));
        Assert.True(await _heard.WaitForAsync(6, s_bound, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_waits_until_the_generation_is_told_of_whatever_is_told_before()
    {
        Task<bool> waiting = _heard.WaitForAsync(7, s_bound, TestContext.Current.CancellationToken);
        _heard.Heard(new FirewallGeneration { Id = 6 });
        Assert.False(waiting.IsCompleted);

        _heard.Heard(new FirewallGeneration { Id = 7 });

        Assert.True(await waiting);
    }

    [Fact]
    public async Task A_number_that_wrapped_around_is_later()
    {
        Task<bool> waiting = _heard.WaitForAsync(uint.MaxValue, s_bound, TestContext.Current.CancellationToken);

        _heard.Heard(new FirewallGeneration { Id = 1 });

        Assert.True(await waiting);
    }

    [Fact]
    public async Task It_gives_up_after_its_bound_and_when_announcements_were_lost()
    {
        Task<bool> slow = _heard.WaitForAsync(7, s_bound, TestContext.Current.CancellationToken);
        _clock.Advance(s_bound);
        Assert.False(await slow);

        Task<bool> lost = _heard.WaitForAsync(7, s_bound, TestContext.Current.CancellationToken);
        _heard.Heard(new FirewallGeneration { IsOverrun = true });
        Assert.False(await lost);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_told()
    {
        using var stop = new CancellationTokenSource();
        Task<bool> waiting = _heard.WaitForAsync(7, s_bound, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
