using System.Diagnostics;

namespace Net.Workers;

/// <summary>Keeps one worker started that has nothing to do yet, to take the place of one that ends: the start of a process and its runtime is most of the time its rules would be silent. It is made a while
/// after a worker was started, so that it takes no time from that one, and made again when it was used or ended by itself. Safe from every thread.</summary>
public sealed class SpareLauncher : IWorkerLauncher, IDisposable
{
    // One that ends by itself would do so again.
    private const int PatienceFactor = 10;

    private readonly IWorkerLauncher _launcher;
    private readonly TimeSpan _after;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private IWorkerLink? _spare;
    private bool _isWanted;
    private bool _isDisposed;

    /// <summary>Makes one; no process is started before the first worker.</summary>
    /// <param name="launcher">Starts workers.</param>
    /// <param name="clock">The clock of the wait.</param>
    /// <param name="after">How long after a worker was started a spare one is.</param>
    public SpareLauncher(IWorkerLauncher launcher, TimeProvider clock, TimeSpan after)
    {
        ArgumentNullException.ThrowIfNull(launcher);
        ArgumentNullException.ThrowIfNull(clock);
        _launcher = launcher;
        _after = after;
        _timer = clock.CreateTimer(_ => Prepare(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The process that waits; null while there is none.</summary>
    public int? ProcessId
    {
        get
        {
            lock (_gate)
            {
                return _spare is { Ended.IsCompleted: false } spare ? spare.ProcessId : null;
            }
        }
    }

    /// <summary>Gives the worker that waits, or starts one.</summary>
    /// <returns>As <see cref="IWorkerLauncher.Launch"/>.</returns>
    public IWorkerLink Launch()
    {
        IWorkerLink? spare;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            spare = Take();
            _isWanted = true;
            _timer.Change(_after, Timeout.InfiniteTimeSpan);
        }

        if (spare is { Ended.IsCompleted: false })
        {
            return spare;
        }

        spare?.Dispose();
        return _launcher.Launch();
    }

    /// <summary>Says that workers are needed, also where none is started now because one still runs.</summary>
    public void Keep()
    {
        lock (_gate)
        {
            if (!_isWanted && !_isDisposed)
            {
                _isWanted = true;
                _timer.Change(_after, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Ends the worker that waits, as no worker is needed now.</summary>
    public void Release()
    {
        IWorkerLink? spare;
        lock (_gate)
        {
            _isWanted = false;
            spare = Take();
        }

        spare?.Dispose();
    }

    /// <summary>Resident memory of the worker that waits.</summary>
    /// <returns>Bytes; null while there is none.</returns>
    public long? ReadResidentBytes()
    {
        if (ProcessId is not { } id)
        {
            return null;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return process.WorkingSet64;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It ended meanwhile.
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        Release();
        _timer.Dispose();
    }

    private IWorkerLink? Take()
    {
        IWorkerLink? spare = _spare;
        _spare = null;
        return spare;
    }

    private void Prepare()
    {
        lock (_gate)
        {
            if (!_isWanted || _isDisposed || _spare is not null)
            {
                return;
            }
        }

        IWorkerLink link;
        try
        {
            link = _launcher.Launch();
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            Retry();
            return;
        }

        bool isKept;
        lock (_gate)
        {
            isKept = _isWanted && !_isDisposed && _spare is null;
            _spare = isKept ? link : _spare;
        }

        if (!isKept)
        {
            link.Dispose();
            return;
        }

        _ = link.Ended.ContinueWith(_ => Forget(link), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Forget(IWorkerLink link)
    {
        lock (_gate)
        {
            if (_spare != link)
            {
                return;
            }

            _spare = null;
        }

        link.Dispose();
        Retry();
    }

    private void Retry()
    {
        lock (_gate)
        {
            if (_isWanted && !_isDisposed)
            {
                _timer.Change(_after * PatienceFactor, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
