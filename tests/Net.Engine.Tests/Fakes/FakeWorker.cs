using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Engine.Tests;

/// <summary>A worker as the engine sees it; tests read what it was told and speak for it.</summary>
internal sealed class FakeWorker(BlockingCollection<FakeWorker> announce) : IWorkerLink
{
    private static int s_nextProcess = 5000;

    private readonly BlockingCollection<WorkerMessage?> _toEngine = [];
    private readonly BlockingCollection<WorkerMessage> _toWorker = [];
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int ProcessId { get; } = Interlocked.Increment(ref s_nextProcess);

    public Task<string> Ended => _ended.Task;

    /// <summary>The first message.</summary>
    public StartOverlay Start { get; private set; } = null!;

    /// <summary>The newest model the worker was given.</summary>
    public OverlayModel Model { get; private set; } = null!;

    public void Send(WorkerMessage message, ReadOnlySpan<SafeHandle> descriptors)
    {
        if (message is StartOverlay start)
        {
            Assert.Equal(2 * start.Shards, descriptors.Length);
            Start = start;
            Model = start.Model;
            announce.Add(this);
            return;
        }

        if (message is StopOverlay)
        {
            End("exited with 0");
        }

        _toWorker.Add(message);
    }

    public WorkerMessage? Receive() => _toEngine.Take();

    public void Kill() => End("killed by signal 9 (SIGKILL)");

    /// <summary>The worker says something.</summary>
    public void Say(WorkerMessage message) => _toEngine.Add(message);

    /// <summary>The worker moves packets.</summary>
    public FakeWorker Ready()
    {
        Say(new OverlayReady("fake 1.0", IsLocked: true));
        return this;
    }

    /// <summary>A peer's session changes.</summary>
    public void Report(string peer, string state, string reason = "because", string? remote = "192.0.2.9:47900") => Say(new OverlayReport
    {
        ModelVersion = Model.Version,
        Peers = [new PeerReport { Index = Model.Peers.Single(one => one.Name == peer).Index, State = state, Reason = reason, RemoteEndpoint = remote, SentBytes = 10, ReceivedBytes = 20, RoundTripTime = TimeSpan.FromMilliseconds(3) }],
        Drops = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        RuleMatches = [7],
        Flows = 2,
        ResidentBytes = 30 << 20,
    });

    /// <summary>The next message of a kind; models on the way are kept.</summary>
    public T Next<T>()
        where T : WorkerMessage
    {
        while (_toWorker.TryTake(out WorkerMessage? message, TimeSpan.FromSeconds(30)))
        {
            if (message is ReplaceModel replace)
            {
                Model = replace.Model;
            }

            if (message is T wanted)
            {
                return wanted;
            }
        }

        throw new TimeoutException($"no {typeof(T).Name} came");
    }

    /// <summary>Models until one is as expected.</summary>
    public OverlayModel ModelWhere(Func<OverlayModel, bool> isRight)
    {
        while (!isRight(Model))
        {
            Next<ReplaceModel>();
        }

        return Model;
    }

    /// <summary>The worker's process ends.</summary>
    public void End(string how)
    {
        _ended.TrySetResult(how);
        _toEngine.Add(null);
    }

    public void Dispose()
    {
    }
}
