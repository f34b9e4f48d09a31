using Net.Contracts;

namespace Net.Service.Tests;

/// <summary>Time that comes into force by itself, in a real engine and as real packets meet it.</summary>
public sealed class ScheduleTests(HostVerdictLab lab) : IClassFixture<HostVerdictLab>
{
    // Long enough for the rules to be in the kernel before the window begins, and for a look or two inside it, on a loaded machine.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_schedule_turns_a_rule_on_and_off_at_its_times_without_another_command()
    {
        DateTime begin = WholeSecond(DateTime.UtcNow + Ahead);
        DateTime end = begin + Window;
        await lab.UseAsync(new FirewallRule
        {
            Name = "window",
            Direction = RuleDirection.Inbound,
            Action = RuleAction.Reject,
            Protocol = IpProtocol.Tcp,
            LocalPort = VerdictLab.PortsOf("tcp"),
            Schedule = new FirewallSchedule { From = TimeOnly.FromDateTime(begin), Until = TimeOnly.FromDateTime(end), TimeZone = "Etc/UTC" },
        });
        long generation = await lab.GenerationAsync();

        (DateTime lastOpen, DateTime firstClosed) = await UntilAsync("refused");
        (DateTime lastClosed, DateTime firstOpen) = await UntilAsync("answered");

        TestContext.Current.TestOutputHelper?.WriteLine($"on between {(lastOpen - begin).TotalMilliseconds:F0} and {(firstClosed - begin).TotalMilliseconds:F0} ms after its time, "
            + $"off between {(lastClosed - end).TotalMilliseconds:F0} and {(firstOpen - end).TotalMilliseconds:F0} ms");
        Assert.InRange(firstClosed, begin, end);
        Assert.True(firstOpen >= end, $"It was off at {firstOpen:HH:mm:ss.fff} already, before {end:HH:mm:ss.fff}.");
        Assert.Equal(generation, await lab.GenerationAsync());
    }

    [Fact]
    public async Task A_rule_that_expires_lets_packets_through_at_its_time_and_leaves_the_document()
    {
        DateTime end = DateTime.UtcNow + Ahead;
        await lab.UseAsync(new FirewallRule
        {
            Name = "for a while",
            Direction = RuleDirection.Inbound,
            Action = RuleAction.Reject,
            Protocol = IpProtocol.Tcp,
            LocalPort = VerdictLab.PortsOf("tcp"),
            ExpiresAt = end,
        });
        long generation = await lab.GenerationAsync();

        (_, DateTime firstOpen) = await UntilAsync("answered");

        Assert.True(firstOpen >= end, $"It was off at {firstOpen:HH:mm:ss.fff} already, before {end:HH:mm:ss.fff}.");
        await Wait.UntilAsync("the rule is out of the document", async () => await lab.GenerationAsync() == generation + 1);
    }

    private static DateTime WholeSecond(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);

    // When a probe had another end for the last time, at its begin, and when it had the wanted one first, at its end: the switch lies between.
    private async Task<(DateTime LastOther, DateTime FirstWanted)> UntilAsync(string outcome)
    {
        DateTime lastOther = DateTime.UtcNow;
        DateTime firstWanted = lastOther;
        await Wait.UntilAsync($"a connection is {outcome}", async () =>
        {
            DateTime begun = DateTime.UtcNow;
            string seen = await lab.TryAsync(fromLeft: false, "tcp", isV6: false);
            firstWanted = DateTime.UtcNow;
            lastOther = seen == outcome ? lastOther : begun;
            return (seen == outcome, (object?)seen);
        });
        return (lastOther, firstWanted);
    }
}
