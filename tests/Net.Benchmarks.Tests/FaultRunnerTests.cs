using System.Text.Json;
using Net.Testing;
using Net.Testing.Faults;

namespace Net.Benchmarks.Tests;

public sealed class FaultRunnerTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Time_to_recover_is_the_median_and_the_longest_of_the_rounds()
    {
        ScriptedFault fault = new(_time, [30, 10, 20]);

        FaultResult result = await RunAsync(fault, 3);

        Assert.Equal((3, 3), (result.Tried, result.Recovered));
        Assert.Equal(0.020, result.Median!.Value, 6);
        Assert.Equal(0.030, result.Max!.Value, 6);
        Assert.True(result.Met);
        Assert.Equal(["prepare", "inject", "prepare", "inject", "prepare", "inject"], fault.Order);
    }

    [Fact]
    public async Task Slower_than_promised_is_recovered_but_not_met()
    {
        FaultResult result = await RunAsync(new ScriptedFault(_time, [500]), 1);

        Assert.Equal(1, result.Recovered);
        Assert.False(result.Met);
    }

    [Fact]
    public async Task Never_recovering_ends_after_ten_times_the_promise()
    {
        DateTimeOffset start = _time.GetUtcNow();

        FaultResult result = await RunAsync(new ScriptedFault(_time, [int.MaxValue]), 1);

        Assert.Equal((1, 0), (result.Tried, result.Recovered));
        Assert.Null(result.Median);
        Assert.Equal("round 1: not recovered after 1 s", Assert.Single(result.Errors));
        Assert.Equal(TimeSpan.FromSeconds(1), _time.GetUtcNow() - start);
    }

    [Fact]
    public async Task A_fault_that_cannot_be_injected_does_not_stop_the_others()
    {
        IReadOnlyList<FaultResult> results = await new FaultRunner(_time) { Rounds = 1, PollInterval = Poll }
            .RunAsync([new ScriptedFault(_time, [0]) { Failure = "no root" }, new ScriptedFault(_time, [0])], null, TestContext.Current.CancellationToken);

        Assert.Equal("round 1: no root", Assert.Single(results[0].Errors));
        Assert.False(results[0].Met);
        Assert.True(results[1].Met);
    }

    [Fact]
    public async Task The_report_counts_what_was_tried_and_what_came_back()
    {
        FaultResult fine = await RunAsync(new ScriptedFault(_time, [20]), 1);
        FaultResult never = await RunAsync(new ScriptedFault(_time, [int.MaxValue]), 1);

        string text = FaultReport.ToText([fine, never], 1);
        using JsonDocument json = JsonDocument.Parse(FaultReport.ToJson([fine, never]));

        Assert.EndsWith("2 faults tried, 1 recovered without help\n", text, StringComparison.Ordinal);
        Assert.Contains("table flushed: round 1: not recovered after 1 s", text, StringComparison.Ordinal);
        Assert.Equal(
            ["area", "fault", "tried", "recovered", "median", "max", "target", "met", "errors"],
            json.RootElement[0].EnumerateObject().Select(member => member.Name));
    }

    private async Task<FaultResult> RunAsync(IFault fault, int rounds) =>
        Assert.Single(await new FaultRunner(_time) { Rounds = rounds, PollInterval = Poll }.RunAsync([fault], null, TestContext.Current.CancellationToken));

    /// <summary>Recovers after so many milliseconds of the manual clock, which every look at it moves by one interval.</summary>
    private sealed class ScriptedFault(ManualTimeProvider time, int[] milliseconds) : IFault
    {
        private int _round = -1;
        private DateTimeOffset _injected;

        public List<string> Order { get; } = [];

        public string? Failure { get; init; }

        public string Area => "core";

        public string Name => "table flushed";

        public TimeSpan Target => TimeSpan.FromMilliseconds(100);

        public Task PrepareAsync(CancellationToken cancellationToken)
        {
            Order.Add("prepare");
            return Task.CompletedTask;
        }

        public Task InjectAsync(CancellationToken cancellationToken)
        {
            Order.Add("inject");
            _round++;
            _injected = time.GetUtcNow();
            return Failure is null ? Task.CompletedTask : throw new InvalidOperationException(Failure);
        }

        public Task<bool> IsRecoveredAsync(CancellationToken cancellationToken)
        {
            time.Advance(Poll);
            return Task.FromResult((time.GetUtcNow() - _injected).TotalMilliseconds >= milliseconds[_round]);
        }
    }
}
