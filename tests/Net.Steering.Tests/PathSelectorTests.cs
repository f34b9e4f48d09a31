using System.Net.Sockets;

namespace Net.Steering.Tests;

public sealed class PathSelectorTests
{
    [Fact]
    public void The_only_path_is_selected()
    {
        Expect("wan0: the only path; ok", Path("wan0"));
    }

    [Fact]
    public void State_comes_before_metric()
    {
        Expect(
            "not wan0: no reply; wan1: every other path failed; ok",
            Path("wan0", metric: 1, state: PathState.Failed),
            Path("wan1", metric: 500, rtt: 90));
        Expect(
            "not wan0: not validated yet (waiting), wan1 is validated; wan1: the only validated path; ok",
            Path("wan0", metric: 1, state: PathState.Validating),
            Path("wan1", metric: 500));
    }

    [Fact]
    public void Metric_comes_before_rtt()
    {
        Expect(
            "wan0: lowest metric 100; not wan1: metric 200, wan0 has 100",
            Path("wan0", metric: 100, rtt: 90),
            Path("wan1", metric: 200, rtt: 1));
    }

    [Fact]
    public void Rtt_decides_between_equal_metrics()
    {
        Expect(
            "not wan0: RTT 30.0 ms, wan1 has 5.0 ms; wan1: metric 100 and lowest RTT 5.0 ms; not wan2: RTT unknown, wan1 has 5.0 ms",
            Path("wan0", rtt: 30),
            Path("wan1", rtt: 5),
            Path("wan2"));
    }

    [Fact]
    public void The_path_in_use_stays_until_another_is_clearly_faster()
    {
        Expect(
            "wan0: metric 100 and in use; no other is clearly faster than 10.0 ms; not wan1: RTT 8.5 ms is not clearly lower than 10.0 ms of wan0, which is in use",
            Path("wan0", rtt: 10, isSelected: true),
            Path("wan1", rtt: 8.5));
        Expect(
            "not wan0: RTT 10.0 ms, wan1 has 7.0 ms; wan1: metric 100 and lowest RTT 7.0 ms",
            Path("wan0", rtt: 10, isSelected: true),
            Path("wan1", rtt: 7));
    }

    [Fact]
    public void The_path_in_use_gives_way_to_a_better_metric_or_state()
    {
        Expect(
            "not wan0: metric 200, wan1 has 100; wan1: lowest metric 100",
            Path("wan0", metric: 200, rtt: 1, isSelected: true),
            Path("wan1", metric: 100, rtt: 50));
        Expect(
            "not wan0: no reply; wan1: every other path failed; ok",
            Path("wan0", state: PathState.Failed, isSelected: true),
            Path("wan1"));
    }

    [Fact]
    public void Equal_paths_are_told_apart_by_name_so_that_the_choice_is_stable()
    {
        Expect(
            "not b: as good as a, which comes first by name; a: metric 100 and lowest RTT 5.0 ms",
            Path("b", rtt: 5),
            Path("a", rtt: 5));
        Expect(
            "b: metric 100, no RTT is known to tell it from others; not a: b is in use, and its RTT is not known to be worse; not c: as good as b, which is in use",
            Path("b", isSelected: true),
            Path("a", rtt: 5),
            Path("c"));
    }

    [Fact]
    public void Without_a_validated_path_the_most_hopeful_is_used()
    {
        Expect(
            "not wan0: unknown (untried), wan1 is being validated; wan1: no path is validated yet; waiting",
            Path("wan0", state: PathState.Unknown),
            Path("wan1", state: PathState.Validating, metric: 900));
        Expect(
            "wan0: no path is validated yet; lowest metric 1; not wan1: metric 2, wan0 has 1",
            Path("wan0", state: PathState.Unknown, metric: 1),
            Path("wan1", state: PathState.Unknown, metric: 2));
    }

    [Fact]
    public void No_path_is_selected_when_all_failed()
    {
        Expect("not wan0: no reply; not wan1: no reply", Path("wan0", state: PathState.Failed), Path("wan1", state: PathState.Failed));
        Assert.Empty(PathSelector.Select([]));
    }

    [Fact]
    public void Families_are_decided_apart()
    {
        Expect(
            "wan0: the only path; ok; wan0: lowest metric 1; not wan1: metric 2, wan0 has 1",
            Path("wan0", metric: 900),
            Path("wan0", metric: 1) with { Family = AddressFamily.InterNetworkV6 },
            Path("wan1", metric: 2) with { Family = AddressFamily.InterNetworkV6 });
    }

    private static void Expect(string decisions, params PathCandidate[] candidates)
    {
        string actual = string.Join("; ", PathSelector.Select(candidates).Select(decision =>
            $"{(decision.IsSelected ? "" : "not ")}{decision.Candidate.Name}: {decision.Reason}"));

        Assert.Equal(decisions, actual);
    }

    private static PathCandidate Path(string name, long metric = 100, double? rtt = null, PathState state = PathState.Validated, bool isSelected = false) => new()
    {
        Name = name,
        Family = AddressFamily.InterNetwork,
        Metric = metric,
        SmoothedRtt = rtt is double ms ? TimeSpan.FromMilliseconds(ms) : null,
        IsSelected = isSelected,
        Status = new PathStatus(
            state,
            state switch { PathState.Validated => "ok", PathState.Validating => "waiting", PathState.Unknown => "untried", _ => "no reply" },
            TimeSpan.Zero),
    };
}
