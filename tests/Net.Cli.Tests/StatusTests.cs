using Net.Cli.Tests.Support;
using Net.Contracts;

namespace Net.Cli.Tests;

public sealed class StatusTests
{
    [Fact]
    public async Task Compact_is_one_line_and_its_exit_code_says_whether_the_engine_is_ready()
    {
        var cli = new CliRun();
        Assert.Equal(1, await cli.LineAsync("status --compact"));
        Assert.Equal(
            """{"state":"degraded","reason":"firewall is not in force","version":"0.1.0","generation":3,"confirmBy":"2026-01-02T03:04:05+00:00","notInDesiredState":["firewall"]}""" + "\n",
            cli.Out);

        var ready = new CliRun();
        ready.Engine.Answer(EngineApi.EngineStatus, Samples.Status with { State = EngineState.Ready });
        Assert.Equal(0, await ready.LineAsync("status --compact"));
    }

    [Fact]
    public async Task Compact_writes_its_line_and_nothing_on_standard_error_when_no_engine_answers()
    {
        var cli = new CliRun { Connect = (_, _) => throw new EngineException(ErrorCatalogue.EngineNotReachable, new string('x', 5000)) };

        Assert.Equal(3, await cli.LineAsync("status --compact"));

        Assert.Empty(cli.Error);
        Assert.Contains("\"errorId\":\"EngineNotReachable\"", cli.Out, StringComparison.Ordinal);
        Assert.True(cli.Out.Length < 2048);
    }

    [Fact]
    public async Task Status_shows_state_privileges_and_parts()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("status"));

        Assert.Contains("State              degraded\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("Capabilities       CAP_NET_ADMIN\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("firewall   no                flushed\n", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_test_answers_by_its_exit_code()
    {
        var cli = new CliRun();
        Assert.Equal(0, await cli.LineAsync("path test"));
        Assert.Equal("eth0/192.0.2.254: answers, 9 of 10, median 2.00 ms\n", cli.Out);

        var lost = new CliRun();
        lost.Engine.Answer(EngineApi.PathsMeasure, One(Samples.Measurement with { Received = 0, MedianRoundTripTime = null }));
        Assert.Equal(1, await lost.LineAsync("path test"));
        Assert.Contains("does not answer (host unreachable)", lost.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_writes_lines_where_there_is_no_terminal()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.PathsWatch, One(new PathChange(PathChangeKind.Changed, Samples.Path, Samples.Time)));
        cli.Engine.Answer(EngineApi.EventsWatch, Never<EngineEvent>());

        Assert.Equal(0, await cli.LineAsync("watch"));

        Assert.Equal("2026-01-02 03:04:05 path eth0/192.0.2.254 changed: validated in use rtt 1.25 ms loss 12.5 % (replies come back)\n", cli.Out);
    }

    [Fact]
    public async Task Watch_names_what_each_line_of_json_is()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.EventsWatch, One(Samples.Event));
        cli.Engine.Answer(EngineApi.PathsWatch, Never<PathChange>());

        Assert.Equal(0, await cli.LineAsync("watch --output json"));

        Assert.StartsWith("{\"event\":{\"sequence\":5,", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_draws_on_a_terminal_and_gives_it_back()
    {
        var cli = new CliRun { Console = { OutIsTerminal = true, Width = 100 } };
        cli.Engine.Answer(EngineApi.PathsWatch, Then(new PathChange(PathChangeKind.Present, Samples.Path, Samples.Time), cli));
        cli.Engine.Answer(EngineApi.EventsWatch, Never<EngineEvent>());

        Assert.Equal(130, await cli.LineAsync("watch"));

        Assert.StartsWith("\x1b[?1049h", cli.Out, StringComparison.Ordinal);
        Assert.EndsWith("\x1b[?25h\x1b[?1049l", cli.Out, StringComparison.Ordinal);
        Assert.Empty(cli.Error);
    }

    private static async IAsyncEnumerable<T> One<T>(T item)
    {
        await Task.CompletedTask;
        yield return item;
    }

    private static async IAsyncEnumerable<T> Then<T>(T item, CliRun cli)
    {
        yield return item;
        await cli.Cancellation.CancelAsync();
        await Task.FromCanceled(cli.Cancellation.Token);
    }

    private static async IAsyncEnumerable<T> Never<T>()
    {
        await new TaskCompletionSource().Task.WaitAsync(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
        yield break;
    }
}
