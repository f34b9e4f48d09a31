using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Tests;

public sealed class BenchmarkRunnerTests
{
    private static readonly BenchmarkCase Calls = new("rpc", "calls", "1/s", Better.Higher);

    [Fact]
    public async Task Ours_and_the_peer_run_in_turn_and_medians_are_compared()
    {
        ScriptedBenchmark benchmark = new(Calls with { Peer = "other", Target = BenchmarkTarget.TimesPeer(1.5) }, [100, 300, 200], [50, 400, 100]);

        BenchmarkRow row = await RunAsync(benchmark, 3);

        Assert.Equal(["prepare", "ours", "peer", "ours", "peer", "ours", "peer", "dispose"], benchmark.Order);
        Assert.Equal(200, row.Value);
        Assert.Equal(100, row.PeerValue);
        Assert.Equal(2.0, row.Ratio);
        Assert.Equal(new BenchmarkSpread(100, 300), row.Spread);
        Assert.Equal(new BenchmarkSpread(50, 400), row.PeerSpread);
        Assert.Equal(150, row.Target);
        Assert.True(row.Met);
    }

    [Fact]
    public async Task An_even_number_of_rounds_takes_the_middle_of_the_middle_two()
    {
        BenchmarkRow row = await RunAsync(new ScriptedBenchmark(Calls, [4, 1, 3, 2]), 4);

        Assert.Equal(2.5, row.Value);
    }

    [Fact]
    public async Task Without_a_target_nothing_is_met_or_missed()
    {
        BenchmarkRow row = await RunAsync(new ScriptedBenchmark(Calls, [1]), 1);

        Assert.Null(row.Target);
        Assert.Null(row.Met);
    }

    [Theory]
    [InlineData(0.9, true)]
    [InlineData(1.0, true)]
    [InlineData(1.1, false)]
    public async Task A_lower_is_better_target_is_met_from_below(double value, bool met)
    {
        BenchmarkCase row = new("rpc", "p99", "ms", Better.Lower) { Target = BenchmarkTarget.Value(1) };

        Assert.Equal(met, (await RunAsync(new ScriptedBenchmark(row, [value]), 1)).Met);
    }

    [Fact]
    public async Task A_peer_that_is_not_there_leaves_our_value_and_a_note()
    {
        ScriptedBenchmark benchmark = new(Calls with { Peer = "other", Target = BenchmarkTarget.TimesPeer(2) }, [7, 8, 9]) { PeerMissing = "other is not installed" };

        BenchmarkRow row = await RunAsync(benchmark, 3);

        Assert.Equal(8, row.Value);
        Assert.Null(row.PeerValue);
        Assert.Null(row.Met);
        Assert.Equal("other is not installed", row.Note);
        Assert.Single(benchmark.Order, step => step == "peer");
    }

    [Fact]
    public async Task A_case_that_fails_is_a_row_with_its_error_and_the_next_still_runs()
    {
        ScriptedBenchmark broken = new(Calls with { Target = BenchmarkTarget.Value(10) }, [1]) { Failure = "no engine" };
        ScriptedBenchmark fine = new(Calls with { Name = "more" }, [5]);

        IReadOnlyList<BenchmarkRow> rows = await new BenchmarkRunner(1, _ => { }).RunAsync([() => broken, () => fine], TestContext.Current.CancellationToken);

        Assert.Equal("no engine", rows[0].Error);
        Assert.Null(rows[0].Value);
        Assert.False(rows[0].Met);
        Assert.Equal(5, rows[1].Value);
        Assert.Contains("dispose", broken.Order);
    }

    private static async Task<BenchmarkRow> RunAsync(IBenchmark benchmark, int rounds) =>
        Assert.Single(await new BenchmarkRunner(rounds, _ => { }).RunAsync([() => benchmark], TestContext.Current.CancellationToken));
}
