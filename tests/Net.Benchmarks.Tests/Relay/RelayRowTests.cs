using System.Net;
using Net.Benchmarks.Harness;
using Net.Benchmarks.Relay;
using Net.Contracts;
using Net.Traffic;

namespace Net.Benchmarks.Tests.Relay;

public sealed class RelayRowTests
{
    private static readonly IBenchmark[] All =
    [
        RelayRateBenchmark.One(5), RelayRateBenchmark.Three(5), RelayRateBenchmark.Engines(2, 5), RelayRateBenchmark.Engines(5, 5), RelayRateBenchmark.Fifty(5), RelayLossBenchmark.One(5), RelayLossBenchmark.Streams(5, 50),
        RelayLossBenchmark.Streams(5, 500), new RelayLatencyBenchmark(5), new RelayControlBenchmark(), new RelayRecoveryBenchmark(), new RelayFootprintBenchmark(),
    ];

    [Fact]
    public void Every_row_has_a_name_of_its_own() =>
        Assert.Empty(All.SelectMany(benchmark => benchmark.Cases).GroupBy(row => row.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key));

    [Theory]
    [InlineData("64 B, 1 output, each gets, xdp / smcroute", 3.5, true)]
    [InlineData("64 B, 1 output, each gets, xdp / socat", 10, true)]
    [InlineData("64 B, 1 output, each gets, tcx / smcroute", 2.4, true)]
    [InlineData("64 B, 1 output, each gets, packet / smcroute", 2.6, true)]
    [InlineData("64 B, 3 outputs, each gets, packet / smcroute", 3, true)]
    [InlineData("64 B, 3 outputs, each gets, tcx / smcroute", 2, true)]
    [InlineData("64 B, 3 outputs, each gets, auto / smcroute", 3, true)]
    [InlineData("64 B, 1 output, without loss, xdp / smcroute", 1_000, false)]
    [InlineData("64 B, 1 output, without loss, tcx / smcroute", 900, false)]
    [InlineData("64 B, 1 output, without loss, packet / smcroute", 600, false)]
    [InlineData("400 kpps x 1024 B, lost, packet / socat", 0, false)]
    [InlineData("50 streams of 100 kpps x 200 B, lost, packet", 0, false)]
    [InlineData("500 streams of 100 kpps x 200 B, lost, tcx", 0, false)]
    [InlineData("added latency p50, tcx / smcroute", 3, false)]
    [InlineData("added latency p50, packet / socat", 25, false)]
    [InlineData("added latency p99, packet / socat", 60, false)]
    [InlineData("10,000 rules loaded in, packet", 1, false)]
    [InlineData("lost beside 20 rule changes, tcx", 0, false)]
    [InlineData("worker killed, its rules silent for, packet", 500, false)]
    [InlineData("worker killed, lost of other rules, tcx", 0, false)]
    [InlineData("worker resident after a flood, packet", 50, false)]
    [InlineData("worker CPU, idle, packet", 0.1, false)]
    public void What_must_hold_is_a_row_with_its_target(string name, double target, bool isRatio)
    {
        BenchmarkCase row = Assert.Single(All.SelectMany(benchmark => benchmark.Cases), row => row.Name == name);

        Assert.Equal(new BenchmarkTarget(target, isRatio), row.Target);
        Assert.Equal("relay", row.Area);
    }

    [Fact]
    public void Rules_of_a_job_rewrite_every_group_at_every_output()
    {
        var job = new RelayJob(3, 500);

        RelayRule[] rules = EngineRelay.Rules(job, RelayEngine.Tcx);

        Assert.Equal(500, rules.Select(rule => rule.Name).Distinct().Count());
        Assert.All(rules, rule => Assert.Equal(RelayEngine.Tcx, rule.Engine));
        Assert.Equal(["239.1.0.1", "239.1.1.244"], [rules[0].Group.ToString(), rules[^1].Group.ToString()]);
        Assert.Equal(["239.100.1.244:6001", "239.101.1.244:6002", "239.102.1.244:6003"], rules[^1].Outputs.Select(output => $"{output.Destination}:{output.Port}"));
        Assert.Equal(
            new TrafficEndpoint("s2", IPAddress.Parse("239.102.0.1"), 6003) { Groups = 500 },
            job.Endpoint(2, isRewritten: true));
        Assert.Equal(new TrafficEndpoint("s2", IPAddress.Parse("239.1.0.1"), 5000) { Groups = 500 }, job.Endpoint(2, isRewritten: false));
    }

    [Fact]
    public void Loss_is_that_of_the_worst_output_and_never_below_nothing()
    {
        TrafficSent sent = new() { Packets = 1_000, Bytes = 0, Refused = 0, Missed = 0, Elapsed = TimeSpan.FromSeconds(1), FirstStream = 1 };

        Assert.Equal(0.1, RateSearch.Loss(sent, [1_000, 900, 950]), 6);
        Assert.Equal(0, RateSearch.Loss(sent, [1_003, 1_002]));
        Assert.Equal(1, RateSearch.Loss(sent with { Packets = 0 }, [0]));
        Assert.True(RateSearch.IsNone(0.0001));
        Assert.False(RateSearch.IsNone(0.001));
    }
}
