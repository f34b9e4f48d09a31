using Net.Contracts;
using Net.PowerShell.Requests;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Requests;

public sealed class PathVerdictTests
{
    [Theory]
    [InlineData(3, null, null, true)]
    [InlineData(1, null, null, true)]
    [InlineData(0, null, null, false)]
    [InlineData(0, 1.0, null, false)]
    [InlineData(2, 0.5, null, true)]
    [InlineData(2, 0.1, null, false)]
    [InlineData(3, null, 19.0, false)]
    [InlineData(3, null, 20.0, true)]
    public async Task A_path_is_good_when_it_answers_well_enough(int received, double? loss, double? milliseconds, bool expected)
    {
        TimeSpan? limit = milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;
        var verdict = new PathVerdict(loss, limit);

        await verdict.JudgeAsync(Sample.Items(Measured(received)), CancellationToken.None);

        Assert.Equal(expected, verdict.IsGood);
    }

    [Fact]
    public async Task One_bad_path_spoils_it_and_is_named()
    {
        var verdict = new PathVerdict(null, null);

        await verdict.JudgeAsync(Sample.Items(Measured(3), Measured(0) with { PathId = "eth1/x" }), CancellationToken.None);

        Assert.False(verdict.IsGood);
        Assert.StartsWith("eth1/x", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_path_is_not_good()
    {
        var verdict = new PathVerdict(null, null);

        await verdict.JudgeAsync(Sample.Items<PathMeasurement>(), CancellationToken.None);

        Assert.False(verdict.IsGood);
    }

    [Fact]
    public async Task A_path_the_engine_does_not_know_is_an_answer_and_no_failure()
    {
        var verdict = new PathVerdict(null, null);

        await verdict.JudgeAsync(Missing(), CancellationToken.None);

        Assert.False(verdict.IsGood);
    }

    private static async IAsyncEnumerable<PathMeasurement> Missing()
    {
        await Task.FromException(Sample.Failure(ErrorCatalogue.PathNotFound));
        yield break;
    }

    private static PathMeasurement Measured(int received) => new()
    {
        PathId = "eth0/192.0.2.1",
        InterfaceAlias = "eth0",
        Target = "192.0.2.1",
        Sent = 3,
        Received = received,
        LossRatio = (3 - received) / 3.0,
        MedianRoundTripTime = received == 0 ? null : TimeSpan.FromMilliseconds(20),
    };
}
