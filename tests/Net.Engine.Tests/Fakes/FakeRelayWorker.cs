using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Net.Relay;
using Net.Workers;
using Net.Workers.Relay;

namespace Net.Engine.Tests;

/// <summary>A relay worker as the engine sees it: it takes its flows over, and reports when a test says so.</summary>
internal sealed class FakeRelayWorker(BlockingCollection<FakeRelayWorker> announce) : IWorkerLink
{
    private static int s_nextProcess = 7000;

    private readonly BlockingCollection<WorkerMessage?> _toEngine = [];
    private readonly BlockingCollection<WorkerMessage> _toWorker = [];
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int ProcessId { get; } = Interlocked.Increment(ref s_nextProcess);

    public Task<string> Ended => _ended.Task;

    /// <summary>The first message.</summary>
    public StartRelay Start { get; private set; } = null!;

    /// <summary>The flows it has.</summary>
    public ConcurrentDictionary<RelayFlowKey, RelayAssignment> Flows { get; } = new();

    /// <summary>Descriptors that came with each message.</summary>
    public ConcurrentQueue<int> Descriptors { get; } = new();

    public void Send(WorkerMessage message, ReadOnlySpan<SafeHandle> descriptors)
    {
        Descriptors.Enqueue(descriptors.Length);
        switch (message)
        {
            case StartRelay start:
                Start = start;
                Take(start.Flows);
                announce.Add(this);
                return;
            case ReplaceFlows replace:
                Flows.Clear();
                Take(replace.Flows);
                break;
            case ChangeFlows change:
                foreach (RelayFlowKey key in change.Removed)
                {
                    Flows.TryRemove(key, out _);
                }

                Take(change.Flows);
                break;
            case StopRelay:
                End("exited with 0");
                break;
        }

        _toWorker.Add(message);
    }

    public WorkerMessage? Receive() => _toEngine.Take();

    public void Kill() => End("killed by signal 9 (SIGKILL)");

    public void Say(WorkerMessage message) => _toEngine.Add(message);

    /// <summary>It relays.</summary>
    public FakeRelayWorker Ready()
    {
        Say(new RelayReady(IsLocked: true));
        return this;
    }

    /// <summary>It reports what it has, or what a test wants it to say it has.</summary>
    public void Report(ulong drift = 0, params RelayCounters[] counters) => Say(new RelayReport
    {
        Fingerprint = RelayFingerprint.Of([.. Flows.Values.Select(one => one.Flow)]) + drift,
        Flows = Flows.Count,
        Counters = counters,
        ResidentBytes = 30 << 20,
    });

    /// <summary>The next message of a kind.</summary>
    public T Next<T>()
        where T : WorkerMessage
    {
        while (_toWorker.TryTake(out WorkerMessage? message, TimeSpan.FromSeconds(30)))
        {
            if (message is T wanted)
            {
                return wanted;
            }
        }

        throw new TimeoutException($"no {typeof(T).Name} came");
    }

    public bool HasMessage => _toWorker.Count > 0;

    public void End(string how)
    {
        _ended.TrySetResult(how);
        _toEngine.Add(null);
    }

    public void Dispose()
    {
    }

    private void Take(RelayAssignment[] flows)
    {
        foreach (RelayAssignment flow in flows)
        {
            Flows[new RelayFlowKey(flow.Flow.RuleId, flow.Flow.Input.InterfaceIndex)] = flow;
        }
    }
}
