using System.Runtime.InteropServices;
using Net.Testing;

namespace Net.Workers.Tests;

/// <summary>The worker that waits for another to end.</summary>
public sealed class SpareLauncherTests : IWorkerLauncher
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(3);

    private readonly ManualTimeProvider _clock = new();
    private readonly List<Link> _links = [];
    private bool _isRefused;

    [Fact]
    public void A_spare_is_made_a_while_after_a_worker_was_started_and_is_the_next_one()
    {
        using var launcher = new SpareLauncher(this, _clock, After);
        IWorkerLink first = launcher.Launch();
        Assert.Null(launcher.ProcessId);

        _clock.Advance(After);
        int? waiting = launcher.ProcessId;
        IWorkerLink second = launcher.Launch();

        Assert.Equal([first, second], _links);
        Assert.Equal(waiting, second.ProcessId);
        Assert.Null(launcher.ProcessId);
        _clock.Advance(After);
        Assert.Equal(3, _links.Count);
    }

    [Fact]
    public void Without_a_spare_a_worker_is_started_at_once()
    {
        using var launcher = new SpareLauncher(this, _clock, After);
        launcher.Launch();
        launcher.Launch();

        Assert.Equal(2, _links.Count);
        _clock.Advance(After);
        Assert.Equal(3, _links.Count);
    }

    [Fact]
    public void One_that_ended_by_itself_is_not_used_and_another_is_made_much_later()
    {
        using var launcher = new SpareLauncher(this, _clock, After);
        launcher.Launch();
        _clock.Advance(After);

        _links[1].End();
        Assert.True(SpinWait.SpinUntil(() => _links[1].IsDisposed, TimeSpan.FromSeconds(30)));
        _clock.Advance(After);
        Assert.Equal(2, _links.Count);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                _clock.Advance(After);
                return launcher.ProcessId is not null;
            },
            TimeSpan.FromSeconds(30)));

        Assert.Same(_links[2], launcher.Launch());
    }

    [Fact]
    public void A_refusal_is_tried_again_and_harms_nobody()
    {
        using var launcher = new SpareLauncher(this, _clock, After);
        launcher.Launch();
        _isRefused = true;
        _clock.Advance(After);
        Assert.Null(launcher.ProcessId);

        _isRefused = false;
        _clock.Advance(After * 10);

        Assert.NotNull(launcher.ProcessId);
    }

    [Fact]
    public void It_goes_with_the_last_worker_and_with_the_launcher()
    {
        var launcher = new SpareLauncher(this, _clock, After);
        launcher.Launch();
        _clock.Advance(After);
        launcher.Release();
        Assert.True(_links[1].IsDisposed);
        _clock.Advance(After * 20);
        Assert.Equal(2, _links.Count);

        launcher.Keep();
        _clock.Advance(After);
        launcher.Dispose();

        Assert.True(_links[2].IsDisposed);
        Assert.False(_links[0].IsDisposed);
        Assert.Throws<ObjectDisposedException>(launcher.Launch);
    }

    public IWorkerLink Launch()
    {
        if (_isRefused)
        {
            throw new IOException("no worker program");
        }

        var link = new Link(_links.Count + 1);
        _links.Add(link);
        return link;
    }

    private sealed class Link(int processId) : IWorkerLink
    {
        private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isDisposed;

        public bool IsDisposed => _isDisposed;

        public int ProcessId => processId;

        public Task<string> Ended => _ended.Task;

        public void End() => _ended.SetResult("exited with 1");

        public void Send(WorkerMessage message, ReadOnlySpan<SafeHandle> descriptors) => throw new InvalidOperationException("Nothing is said to one that waits.");

        public WorkerMessage? Receive() => null;

        public void Kill() => End();

        public void Dispose() => _isDisposed = true;
    }
}
