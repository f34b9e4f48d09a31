using System.ComponentModel;
using System.Threading.Channels;
using Net.Cli.Engine;
using Net.Cli.Tests.Support;

namespace Net.Cli.Tests;

public sealed class SupervisorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly WatchedTime _time = new();
    private readonly Channel<FakeProcess> _started = Channel.CreateUnbounded<FakeProcess>();
    private readonly Channel<string> _said = Channel.CreateUnbounded<string>();
    private int _nextId;

    [Fact]
    public async Task It_starts_the_engine_again_a_little_later_each_time_and_at_most_16_seconds()
    {
        using var stop = new CancellationTokenSource();
        Task<int> running = Create().RunAsync(stop.Token);
        double[] pauses = [0.25, 0.5, 1, 2, 4, 8, 16, 16];
        foreach (double pause in pauses)
        {
            FakeProcess engine = await NextAsync();
            engine.End(139);
            Assert.Equal($"engine (process {engine.Id}) was ended by signal 11 after 0ms; starts again in {Output.Text.Duration(TimeSpan.FromSeconds(pause))}", await SaysAsync("starts again"));
            await PassAsync(pause);
        }

        FakeProcess last = await NextAsync();
        await stop.CancelAsync();
        await last.Terminated.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        last.End(0);
        Assert.Equal(0, await running.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task After_ten_seconds_of_running_the_pause_is_short_again()
    {
        using var stop = new CancellationTokenSource();
        Task<int> running = Create().RunAsync(stop.Token);
        (await NextAsync()).End(1);
        await SaysAsync("starts again in 250ms");
        await PassAsync(0.25);
        FakeProcess second = await NextAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        second.End(1);
        Assert.Contains("failed with exit code 1 after 10s; starts again in 250ms", await SaysAsync("starts again"), StringComparison.Ordinal);
        await stop.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(126)]
    [InlineData(127)]
    public async Task It_ends_with_the_engine_when_another_start_would_help_nobody(int exitCode)
    {
        Task<int> running = Create().RunAsync(CancellationToken.None);
        (await NextAsync()).End(exitCode);

        Assert.Equal(exitCode, await running.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_stop_is_graceful_first_and_hard_after_20_seconds()
    {
        using var stop = new CancellationTokenSource();
        Task<int> running = Create().RunAsync(stop.Token);
        FakeProcess engine = await NextAsync();
        await stop.CancelAsync();
        await engine.Terminated.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.False(engine.Killed.Task.IsCompleted);
        await PassAsync(20);
        await engine.Killed.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        engine.End(137);

        Assert.Equal(137, await running.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_restart_stops_gracefully_and_starts_at_once()
    {
        using var stop = new CancellationTokenSource();
        Supervisor supervisor = Create();
        Task<int> running = supervisor.RunAsync(stop.Token);
        FakeProcess first = await NextAsync();
        supervisor.RequestRestart();
        await first.Terminated.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        first.End(0);
        FakeProcess second = await NextAsync();
        Assert.NotEqual(first.Id, second.Id);
        second.End(0);

        Assert.Equal(0, await running.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_127()
    {
        var supervisor = new Supervisor(() => throw new Win32Exception(2), _time, line => _said.Writer.TryWrite(line));

        Assert.Equal(Supervisor.CannotStart, await supervisor.RunAsync(CancellationToken.None));
        Assert.Contains("cannot be started", await SaysAsync("cannot"), StringComparison.Ordinal);
    }

    private Supervisor Create() => new(
        () =>
        {
            var process = new FakeProcess(++_nextId);
            _started.Writer.TryWrite(process);
            return process;
        },
        _time,
        line => _said.Writer.TryWrite(line));

    private async Task<FakeProcess> NextAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return await _started.Reader.ReadAsync(limit.Token);
    }

    private async Task<string> SaysAsync(string part)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            string line = await _said.Reader.ReadAsync(limit.Token);
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    private async Task PassAsync(double seconds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await _time.PassAsync(TimeSpan.FromSeconds(seconds), limit.Token);
    }
}
