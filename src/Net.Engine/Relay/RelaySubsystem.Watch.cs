using System.Threading.Channels;
using Net.Contracts;
using Net.Engine.Relay.Kernel;
using Net.Engine.Relay.Workers;
using Net.Platform;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Workers.Relay;

namespace Net.Engine.Relay;

/// <content>Following the network, receivers and workers; what is done every second.</content>
internal sealed partial class RelaySubsystem : IWorkerEvents
{
    private const string KernelOrigin = "kernel";
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    // One slot: however much happens, what waits is one look at everything.
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private long _repairs;

    /// <summary>Hears what traces saw.</summary>
    public event Action<int, TracedPackets>? TraceCame;

    /// <inheritdoc />
    public void Traced(int worker, TracedPackets packets) => TraceCame?.Invoke(worker, packets);

    private void Wake() => _wakes.Writer.TryWrite(true);

    private void Watch()
    {
        NetworkSubscription changes = _monitor.Subscribe();
        _running.Add(ListenAsync(changes));
        _running.Add(FollowAsync());
        _running.Add(TickAsync());
    }

    private async Task StopWatchingAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(_running).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // That is how they end.
        }
    }

    private async Task ListenAsync(NetworkSubscription changes)
    {
        using (changes)
        {
            // Something may have happened between the first look and now.
            Wake();
            await foreach (NetworkChange change in changes.Changes.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                if (Matters(change))
                {
                    Wake();
                }
            }
        }
    }

    private bool Matters(NetworkChange change) => change switch
    {
        LinkChange { Old: { } old, Current: { } now } => old.Name != now.Name || old.IsUsable != now.IsUsable || old.MtuBytes != now.MtuBytes || !Equals(old.HardwareAddress, now.HardwareAddress),
        LinkChange or AddressChange or OverrunChange => true,

        // Routes and neighbours are of interest to outputs with a unicast destination only.
        NeighborChange { Old: { } old, Current: { } now } => _resolution.HasUnicast && (!Equals(old.HardwareAddress, now.HardwareAddress) || IsKnown(old) != IsKnown(now)),
        NeighborChange or RouteChange => _resolution.HasUnicast,
        _ => false,
    };

    private static bool IsKnown(NeighborInfo neighbor) => (neighbor.State & (NeighborStates.Incomplete | NeighborStates.Failed)) == 0;

    private async Task FollowAsync()
    {
        await foreach (bool _ in _wakes.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
        {
            try
            {
                await RefreshNowAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The next change, or the reconciler, tries again.
                Log.RefreshFailed(_logger, exception);
            }
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickInterval, _clock);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            try
            {
                await TickOnceAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.RefreshFailed(_logger, exception);
            }
        }
    }

    private async Task TickOnceAsync()
    {
        await _turn.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            if (_isDisposed)
            {
                return;
            }

            ReadKernelCounters();
            string[] found = [.. RepairKernel(isFull: false)];
            if (found.Length > 0)
            {
                _events.Publish("RelayDriftRepaired", "relay", EventSeverity.Warning, $"Found: {string.Join("; ", found.Select(one => one.TrimEnd('.')))}. Done: it was put back.");
            }

            Resolution now = _resolution;
            AskNeighbors(now.Rules, now.Links);
            bool isRetry = _refused.Values.Any(refusal => _clock.GetElapsedTime(refusal.Since) > RefusalHolds);
            if (isRetry)
            {
                Probe();
                Wake();
            }

            await _pool.TrimAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }

        Ledger.Sample();
    }

    private List<string> RepairKernel(bool isFull)
    {
        List<string> found = [];
        TryKernel(kernel => found.AddRange(kernel.Repair()));
        if (isFull)
        {
            foreach (RelayEngineKind kind in _loaded.Keys.ToArray())
            {
                TryKernel(kernel =>
                {
                    if (kernel.ReadFingerprint(kind) != _loaded[kind])
                    {
                        found.Add($"the tables of {EngineChooser.NameOf(kind)} were not those it was given");
                        kernel.Apply(kind, [.. _resolution.Rules.Where(rule => rule.Engine == kind).SelectMany(rule => rule.Flows)]);
                    }
                });
            }
        }

        _repairs += found.Count;
        return found;
    }

    private void ReadKernelCounters()
    {
        if (_resolution.Rules.Any(rule => rule.Engine is RelayEngineKind.Xdp or RelayEngineKind.Tcx))
        {
            TryKernel(kernel => Ledger.Take(KernelOrigin, kernel.ReadCounters(), _host.MonotonicNanoseconds));
        }
    }

    // What a kernel refuses, or a host lacks; anything else is a fault of ours and goes on.
    private static bool IsOfKernel(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or InvalidOperationException or NetworkChangeException or BpfException or System.ComponentModel.Win32Exception;

    private void TryKernel(Action<IKernelRelay> work)
    {
        if (_kernel is not { } kernel)
        {
            return;
        }

        try
        {
            work(kernel);
        }
        catch (Exception exception) when (IsOfKernel(exception))
        {
            Log.KernelFailed(_logger, exception.Message);
        }
    }
}
