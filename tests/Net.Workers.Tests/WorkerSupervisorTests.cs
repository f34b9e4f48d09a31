using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Net.Testing;
using Net.Workers.Overlay;
using Net.Workers.Relay;

namespace Net.Workers.Tests;

public sealed class WorkerSupervisorTests : IWorkerLauncher, IWorkerOwner
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _clock = new();
    private readonly BlockingCollection<Link> _links = [];
    private readonly BlockingCollection<(string Reason, TimeSpan Wait)> _ends = [];
    private readonly BlockingCollection<WorkerMessage> _received = [];
    private string? _refusal;

    [Fact]
    public async Task The_first_restart_is_at_once_and_further_ones_wait_longer_and_longer()
    {
        // Time runs while the next worker is started, on a busy host for long: neither does a worker count as stable by that, nor as silent.
        await using var supervisor = new WorkerSupervisor(this, this, _clock, new WorkerSupervisorOptions { StableAfter = TimeSpan.MaxValue, StartLimit = TimeSpan.MaxValue });
        supervisor.Start();
        List<double> waits = [];

        for (int crash = 0; crash < 9; crash++)
        {
            NextLink().End("killed by signal 6 (SIGABRT)");
            (string reason, TimeSpan wait) = NextEnd();
            Assert.Equal("killed by signal 6 (SIGABRT)", reason);
            waits.Add(wait.TotalMilliseconds);
            await AdvanceUntilAsync(() => _links.Count > 0, TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal([0, 250, 500, 1000, 2000, 4000, 8000, 16000, 16000], waits);
        Assert.Equal(9, supervisor.Restarts);
    }

    [Fact]
    public async Task A_worker_that_says_nothing_is_ended_and_one_that_reports_is_not()
    {
        await using var supervisor = new WorkerSupervisor(this, this, _clock);
        supervisor.Start();
        Link link = NextLink();
        for (int second = 0; second < 10; second++)
        {
            link.Say(new OverlayReport());
            Assert.True(_received.TryTake(out _, Patience));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(_ends);
        await AdvanceUntilAsync(() => _ends.Count > 0, TimeSpan.FromSeconds(1));

        Assert.Contains("did not report for 6 s (killed by signal 9", NextEnd().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_is_not_blamed_for_time_in_which_the_engine_stood_still_itself()
    {
        await using var supervisor = new WorkerSupervisor(this, this, _clock);
        supervisor.Start();
        Link link = NextLink();
        link.Say(new OverlayReport());
        Assert.True(_received.TryTake(out _, Patience));

        _clock.StandStill(TimeSpan.FromSeconds(90));
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        link.Say(new OverlayReport());
        Assert.True(_received.TryTake(out _, Patience));
        Assert.Equal(0, supervisor.Restarts);
        await AdvanceUntilAsync(() => _ends.Count > 0, TimeSpan.FromSeconds(1));
        Assert.Contains("did not report for 6 s", NextEnd().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_gets_half_a_minute_for_its_first_word()
    {
        await using var supervisor = new WorkerSupervisor(this, this, _clock);
        supervisor.Start();
        Link link = NextLink();

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(link.Ended.IsCompleted);
        await AdvanceUntilAsync(() => _ends.Count > 0, TimeSpan.FromSeconds(1));

        // The clock goes on until the end is seen, so the number may be any from 30 on.
        Match silence = Regex.Match(NextEnd().Reason, "did not report for ([0-9]+) s");
        Assert.True(silence.Success);
        Assert.InRange(int.Parse(silence.Groups[1].Value, CultureInfo.InvariantCulture), 30, int.MaxValue);
    }

    [Fact]
    public async Task What_the_worker_gave_as_its_reason_is_told_with_how_it_ended()
    {
        await using var supervisor = new WorkerSupervisor(this, this, _clock);
        supervisor.Start();
        Link link = NextLink();

        link.Say(new OverlayFailed("the TUN device is gone"));
        link.End("exited with 1");

        Assert.Equal("the TUN device is gone (exited with 1)", NextEnd().Reason);
    }

    [Fact]
    public async Task Descriptors_go_with_the_message_they_were_given_with()
    {
        await using var supervisor = new WorkerSupervisor(this, this, _clock);
        supervisor.Start();
        Link link = NextLink();
        using SafeHandle descriptor = File.OpenHandle("/dev/null");

        Assert.True(supervisor.TrySend(new ReplaceFlows(), [descriptor]));
        Assert.True(supervisor.TrySend(new StopTrace(1)));

        Assert.Equal((typeof(ReplaceFlows), 1), link.NextAfterFirst());
        Assert.Equal((typeof(StopTrace), 0), link.NextAfterFirst());
    }

    [Fact]
    public async Task The_watch_looks_as_often_as_it_is_told()
    {
        await using var supervisor = new WorkerSupervisor(this, this, _clock, new WorkerSupervisorOptions { SilenceLimit = TimeSpan.FromSeconds(1), WatchInterval = TimeSpan.FromMilliseconds(250) });
        supervisor.Start();
        Link link = NextLink();
        link.Say(new RelayReport());
        Assert.True(_received.TryTake(out _, Patience));

        link.Say(new RelayFailed("the ring is gone"));
        Assert.True(_received.TryTake(out _, Patience));
        await AdvanceUntilAsync(() => _ends.Count > 0, TimeSpan.FromMilliseconds(250));

        Assert.Contains("the ring is gone", NextEnd().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_cannot_be_started_is_tried_again()
    {
        _refusal = "there is no worker program";
        await using var supervisor = new WorkerSupervisor(this, this, _clock);
        supervisor.Start();

        Assert.Equal("it could not be started: there is no worker program", NextEnd().Reason);
        _refusal = null;
        await AdvanceUntilAsync(() => _links.Count > 0, TimeSpan.FromMilliseconds(100));
        Assert.NotNull(NextLink());
    }

    [Fact]
    public async Task Stopping_says_goodbye_and_starts_no_other()
    {
        var supervisor = new WorkerSupervisor(this, this, _clock);
        supervisor.Start();
        Link link = NextLink();

        await supervisor.StopAsync(new StopOverlay());

        Assert.IsType<StopOverlay>(link.Sent.Last());
        Assert.Empty(_ends);
        Assert.False(supervisor.TrySend(new UpdateKeys()));
        await supervisor.DisposeAsync();
    }

    public IWorkerLink Launch() => _refusal is { } reason ? throw new IOException(reason) : new Link(_links);

    public (WorkerMessage Message, SafeHandle[] Descriptors) Begin(int processId) => (new UpdateKeys(), []);

    void IWorkerOwner.Received(WorkerMessage message) => _received.Add(message);

    void IWorkerOwner.Ended(string reason, TimeSpan restartIn) => _ends.Add((reason, restartIn));

    private Link NextLink() => _links.TryTake(out Link? link, Patience) ? link : throw new TimeoutException("no worker was started");

    private (string Reason, TimeSpan Wait) NextEnd() => _ends.TryTake(out (string, TimeSpan) end, Patience) ? end : throw new TimeoutException("no end was told");

    // Timers are made by other threads, so time moves in steps until what it should bring about has happened.
    private async Task AdvanceUntilAsync(Func<bool> isDone, TimeSpan step)
    {
        long limit = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!isDone())
        {
            Assert.True(Environment.TickCount64 < limit, "it did not happen in time");
            _clock.Advance(step);
            await Task.Yield();
        }
    }

    private sealed class Link : IWorkerLink
    {
        private readonly BlockingCollection<WorkerMessage?> _toOwner = [];
        private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly BlockingCollection<Link> _announce;

        public Link(BlockingCollection<Link> announce) => _announce = announce;

        private readonly BlockingCollection<(Type, int)> _later = [];

        public ConcurrentQueue<WorkerMessage> Sent { get; } = [];

        public (Type Message, int Descriptors) NextAfterFirst() => _later.TryTake(out (Type, int) next, Patience) ? next : throw new TimeoutException("no message was sent");

        public int ProcessId => 4242;

        public Task<string> Ended => _ended.Task;

        public void Send(WorkerMessage message, ReadOnlySpan<SafeHandle> descriptors)
        {
            Sent.Enqueue(message);
            if (message is not UpdateKeys)
            {
                _later.Add((message.GetType(), descriptors.Length));
            }

            if (message is UpdateKeys)
            {
                _announce.Add(this);
            }
            else if (message is StopOverlay)
            {
                End("exited with 0");
            }
        }

        public WorkerMessage? Receive() => _toOwner.Take();

        public void Say(WorkerMessage message) => _toOwner.Add(message);

        public void End(string how)
        {
            _toOwner.Add(null);
            _ended.TrySetResult(how);
        }

        public void Kill() => End("killed by signal 9 (SIGKILL)");

        public void Dispose()
        {
        }
    }
}
