using System.Net;

namespace Net.Steering.Tests;

public sealed class PathTrackerTests
{
    private static readonly IPAddress s_gateway = IPAddress.Parse("192.0.2.1");
    private static readonly PathProbeOptions s_options = new();

    [Fact]
    public void A_path_is_validated_by_its_first_reply()
    {
        PathTracker path = Create();
        Assert.Equal(new PathStatus(PathState.Unknown, "no probe was sent yet", S(0)), path.GetStatus(S(1)));

        Assert.Equal(
            new PathTransition(PathState.Unknown, PathState.Validating, "waiting for a reply from gateway 192.0.2.1", S(1)),
            path.ProbeSent(S(1)));
        Assert.Equal(
            new PathTransition(PathState.Validating, PathState.Validated, "gateway 192.0.2.1 replied in 1.2 ms", S(1.0012)),
            path.ProbeReplied(S(1.0012), TimeSpan.FromMilliseconds(1.2)));
        Assert.Null(path.ProbeSent(S(2)));
        Assert.Null(path.ProbeReplied(S(2.05), TimeSpan.FromMilliseconds(50)));
        Assert.Equal("gateway 192.0.2.1 replied in 50.0 ms", path.GetStatus(S(3)).Reason);
        Assert.Equal(S(1.0012), path.GetStatus(S(3)).Since);
    }

    [Fact]
    public void Three_losses_in_a_row_fail_a_path_and_two_do_not()
    {
        PathTracker path = Validated();

        Assert.Null(path.ProbeLost(S(3)));
        Assert.Null(path.ProbeLost(S(4)));
        Assert.Null(path.ProbeReplied(S(4.5), S(0.01)));
        Assert.Null(path.ProbeLost(S(6)));
        Assert.Null(path.ProbeLost(S(7)));

        Assert.Equal(
            new PathTransition(PathState.Validated, PathState.Failed, "no reply to 3 probes in a row (last reply 4.2 s ago)", S(8.7)),
            path.ProbeLost(S(8.7)));
        Assert.Null(path.ProbeLost(S(9)));
        Assert.Equal("no reply to 4 probes in a row (last reply 2.0 min ago)", path.GetStatus(S(4.5 + 120)).Reason);
        Assert.Equal("no reply to 4 probes in a row (last reply 2.0 h ago)", path.GetStatus(S(4.5 + 7200)).Reason);
    }

    [Fact]
    public void A_path_that_never_replied_says_so()
    {
        PathTracker path = Create();
        path.ProbeSent(S(1));
        path.ProbeLost(S(2));
        path.ProbeLost(S(3));

        Assert.Equal("no reply to 3 probes in a row (never a reply)", path.ProbeLost(S(4))!.Reason);
    }

    [Fact]
    public void A_failed_path_needs_two_replies_in_a_row()
    {
        PathTracker path = Failed();

        Assert.Equal(
            new PathTransition(PathState.Failed, PathState.Validating, "gateway 192.0.2.1 replies again, 1 of 2 needed", S(10)),
            path.ProbeReplied(S(10), S(0.02)));
        Assert.Equal(
            new PathTransition(PathState.Validating, PathState.Failed, "no reply to 1 probe (last reply 1.0 s ago)", S(11)),
            path.ProbeLost(S(11)));
        Assert.Equal(PathState.Validating, path.ProbeReplied(S(12), S(0.02))!.To);
        Assert.Equal(
            new PathTransition(PathState.Validating, PathState.Validated, "gateway 192.0.2.1 replied in 20.0 ms", S(13)),
            path.ProbeReplied(S(13), S(0.02)));
    }

    [Fact]
    public void One_reply_is_enough_where_the_options_say_so()
    {
        PathTracker path = Failed(s_options with { RecoverAfter = 1 });

        Assert.Equal(PathState.Validated, path.ProbeReplied(S(10), S(0.02))!.To);
    }

    [Fact]
    public void A_link_that_goes_down_fails_its_path_at_once()
    {
        PathTracker path = Validated();

        Assert.Equal(
            new PathTransition(PathState.Validated, PathState.Failed, "link wan0 has no carrier", S(5)),
            path.LinkChanged(LinkCondition.NoCarrier, S(5)));
        Assert.Null(path.LinkChanged(LinkCondition.NoCarrier, S(6)));
        Assert.Null(path.LinkChanged(LinkCondition.AdministrativelyDown, S(7)));
        Assert.Equal("link wan0 is administratively down", path.GetStatus(S(7)).Reason);
        Assert.Null(path.LinkChanged(LinkCondition.Absent, S(8)));
        Assert.Equal("there is no link wan0", path.GetStatus(S(8)).Reason);
    }

    [Fact]
    public void A_reply_does_not_revive_a_path_whose_link_is_down()
    {
        PathTracker path = Validated();
        path.LinkChanged(LinkCondition.NoCarrier, S(5));

        Assert.Null(path.ProbeReplied(S(5.1), S(0.02)));
        Assert.Null(path.ProbeReplied(S(5.2), S(0.02)));
        Assert.Null(path.ProbeLost(S(6)));
        Assert.Equal(PathState.Failed, path.State);
    }

    [Fact]
    public void A_link_that_comes_back_has_to_prove_its_path()
    {
        PathTracker path = Validated();
        path.LinkChanged(LinkCondition.NoCarrier, S(5));
        path.ProbeLost(S(6));

        Assert.Equal(
            new PathTransition(PathState.Failed, PathState.Validating, "waiting for a reply from gateway 192.0.2.1", S(7)),
            path.LinkChanged(LinkCondition.Up, S(7)));

        // Addresses may not be resolved yet: losses before the first reply are counted from the start.
        Assert.Null(path.ProbeLost(S(8)));
        Assert.Null(path.ProbeLost(S(9)));
        Assert.Null(path.ProbeReplied(S(10), S(0.02)));
        Assert.Equal(PathState.Validated, path.ProbeReplied(S(11), S(0.02))!.To);
    }

    [Fact]
    public void A_path_without_a_gateway_stays_unknown()
    {
        var path = new PathTracker("ppp0", gateway: null, s_options, S(0));

        Assert.Equal("link ppp0 is up, there is no gateway to probe", path.GetStatus(S(1)).Reason);
        Assert.Equal(PathState.Failed, path.LinkChanged(LinkCondition.NoCarrier, S(1))!.To);
        Assert.Equal(PathState.Unknown, path.LinkChanged(LinkCondition.Up, S(2))!.To);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(3601.0)]
    public void Intervals_out_of_range_are_refused_by_name(double seconds)
    {
        PathProbeOptions options = s_options with { Interval = S(seconds) };

        Assert.Equal("Interval", Assert.Throws<ArgumentOutOfRangeException>(() => new PathTracker("wan0", s_gateway, options, S(0))).ParamName);
    }

    [Fact]
    public void Every_option_has_a_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>((s_options with { Timeout = TimeSpan.Zero }).Validate);
        Assert.Throws<ArgumentOutOfRangeException>((s_options with { MaxLost = 0 }).Validate);
        Assert.Throws<ArgumentOutOfRangeException>((s_options with { RecoverAfter = 0 }).Validate);
        Assert.Throws<ArgumentOutOfRangeException>((s_options with { LossWindow = 0 }).Validate);
        s_options.Validate();
    }

    private static PathTracker Create(PathProbeOptions? options = null) => new("wan0", s_gateway, options ?? s_options, S(0));

    private static PathTracker Validated(PathProbeOptions? options = null)
    {
        PathTracker path = Create(options);
        path.ProbeSent(S(1));
        path.ProbeReplied(S(1.02), S(0.02));
        return path;
    }

    private static PathTracker Failed(PathProbeOptions? options = null)
    {
        PathTracker path = Validated(options);
        path.ProbeLost(S(3));
        path.ProbeLost(S(4));
        path.ProbeLost(S(5));
        Assert.Equal(PathState.Failed, path.State);
        return path;
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);
}
