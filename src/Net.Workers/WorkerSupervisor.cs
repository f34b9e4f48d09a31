using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Net.Workers;

/// <summary>Keeps one worker running: starts it, watches that it reports, and starts it anew when it ends, at once the first time and then with growing waits.
/// What the owner sends is queued, so that a worker that hangs never holds up the engine.</summary>
public sealed class WorkerSupervisor : IAsyncDisposable
{
    private readonly IWorkerLauncher _launcher;
    private readonly IWorkerOwner _owner;
    private readonly TimeProvider _clock;
    private readonly WorkerSupervisorOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Session? _session;
    private WorkerMessage? _goodbye;
    private Task? _running;
    private int _failures;
    private int _starts;

    /// <summary>Makes a supervisor; nothing runs yet.</summary>
    /// <param name="launcher">Starts workers.</param>
    /// <param name="owner">Whom they work for.</param>
    /// <param name="clock">The clock of waits and of the watchdog.</param>
    /// <param name="options">How to watch; null for the defaults.</param>
    public WorkerSupervisor(IWorkerLauncher launcher, IWorkerOwner owner, TimeProvider clock, WorkerSupervisorOptions? options = null)
    {
        _launcher = launcher;
        _owner = owner;
        _clock = clock;
        _options = options ?? new WorkerSupervisorOptions();
    }

    /// <summary>The process of the worker that runs now; null between two.</summary>
    public int? ProcessId
    {
        get
        {
            lock (_gate)
            {
                return _session?.Link.ProcessId;
            }
        }
    }

    /// <summary>How often a worker was started beyond the first.</summary>
    public int Restarts => Math.Max(0, Volatile.Read(ref _starts) - 1);

    /// <summary>Starts the first worker, and keeps one running from now on.</summary>
    public void Start() => _running ??= Task.Run(RunAsync);

    /// <summary>Queues a message for the worker.</summary>
    /// <returns>False when no worker runs, or when it did not take its messages and was ended; the next one begins with the owner's first message anyway.</returns>
    public bool TrySend(WorkerMessage message) => TrySend(message, []);

    /// <summary>Queues a message for the worker, and descriptors that go with it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="descriptors">The descriptors. They stay the caller's, who keeps them open until the worker has the message or has ended; one that is closed before ends the worker.</param>
    /// <returns>As <see cref="TrySend(WorkerMessage)"/>.</returns>
    public bool TrySend(WorkerMessage message, SafeHandle[] descriptors)
    {
        Session? session;
        lock (_gate)
        {
            session = _session;
        }

        return session?.TrySend(message, descriptors) ?? false;
    }

    /// <summary>Ends the worker; the next is started at once.</summary>
    /// <param name="reason">Why, for the owner.</param>
    public void Restart(string reason)
    {
        lock (_gate)
        {
            _failures = 0;
            _session?.Kill(reason);
        }
    }

    /// <summary>Tells the worker to end, waits a little for it, and starts no other.</summary>
    /// <param name="goodbye">The last message to it; null ends it at once.</param>
    public async Task StopAsync(WorkerMessage? goodbye)
    {
        Session? session;
        lock (_gate)
        {
            _goodbye = goodbye;
            session = _session;
        }

        if (goodbye is null || session?.TrySend(goodbye, []) != true)
        {
            session?.Kill("it was told to stop");
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        if (_running is { } running)
        {
            if (await Task.WhenAny(running, Task.Delay(_options.EndLimit, _clock)).ConfigureAwait(false) != running)
            {
                session?.Kill("it did not end when it was told to");
            }

            await running.ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(null).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            long began = _clock.GetTimestamp();
            string reason = await RunOneAsync().ConfigureAwait(false);
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            TimeSpan wait = NextDelay(_clock.GetElapsedTime(began));
            _owner.Ended(reason, wait);
            try
            {
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _clock, _stop.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private TimeSpan NextDelay(TimeSpan ran)
    {
        lock (_gate)
        {
            _failures = ran >= _options.StableAfter ? 0 : _failures;
            int before = _failures++;
            return before == 0 ? TimeSpan.Zero
                : before > 16 ? _options.LongestDelay
                : TimeSpan.FromTicks(Math.Min(_options.FirstDelay.Ticks << (before - 1), _options.LongestDelay.Ticks));
        }
    }

    private async Task<string> RunOneAsync()
    {
        Session session;
        try
        {
            session = new Session(_launcher.Launch(), this);
        }
        catch (Exception exception) when (exception is IOException or SocketException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            Interlocked.Increment(ref _starts);
            return $"it could not be started: {exception.Message}";
        }

        Interlocked.Increment(ref _starts);
        bool isStopped;
        lock (_gate)
        {
            // A stop that came while it was launched found no session to end.
            isStopped = _stop.IsCancellationRequested || _goodbye is not null;
            _session = session;
        }

        if (isStopped)
        {
            session.Kill("it was told to stop");
        }

        try
        {
            return await session.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _session = null;
            }

            session.Dispose();
        }
    }

    /// <summary>The life of one worker.</summary>
    private sealed class Session(IWorkerLink link, WorkerSupervisor owner) : IDisposable
    {
        private readonly BlockingCollection<(WorkerMessage Message, SafeHandle[] Descriptors)> _outgoing = new(owner._options.QueuedMessages);
        private long _heard = owner._clock.GetTimestamp();
        private long _looked = owner._clock.GetTimestamp();
        private bool _hasSpoken;
        private volatile string? _reason;

        public IWorkerLink Link => link;

        public bool TrySend(WorkerMessage message, SafeHandle[] descriptors)
        {
            try
            {
                if (_outgoing.TryAdd((message, descriptors)))
                {
                    return true;
                }
            }
            catch (InvalidOperationException)
            {
                // It ended just now.
                return false;
            }

            Kill("it did not take its messages");
            return false;
        }

        public void Kill(string reason)
        {
            _reason ??= reason;
            link.Kill();
        }

        public async Task<string> RunAsync()
        {
            Task reading = OnThread("worker receive", Read);
            Task writing = OnThread("worker send", Write);
            using (ITimer watchdog = owner._clock.CreateTimer(_ => Watch(), null, owner._options.WatchInterval, owner._options.WatchInterval))
            {
                await Task.WhenAny(reading, link.Ended).ConfigureAwait(false);
                if (await Task.WhenAny(link.Ended, Task.Delay(owner._options.EndLimit, owner._clock)).ConfigureAwait(false) != link.Ended)
                {
                    Kill("it closed its channel and did not end");
                }
            }

            string end = await link.Ended.ConfigureAwait(false);
            _outgoing.CompleteAdding();
            await reading.ConfigureAwait(false);
            await writing.ConfigureAwait(false);
            return _reason is { } reason ? $"{reason} ({end})" : end;
        }

        public void Dispose()
        {
            link.Dispose();
            _outgoing.Dispose();
        }

        private static Task OnThread(string name, Action work)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var thread = new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = name };
            thread.Start();
            return done.Task;

            void Run()
            {
                work();
                done.SetResult();
            }
        }

        private static string? ReasonOf(WorkerMessage message) => message switch
        {
            Overlay.OverlayFailed failed => failed.Reason,
            Relay.RelayFailed failed => failed.Reason,
            _ => null,
        };

        private void Watch()
        {
            // Who looks late stood still itself, as in a suspended machine: the worker did so too, or what it said meanwhile is not read yet.
            long now = owner._clock.GetTimestamp();
            if (owner._clock.GetElapsedTime(Interlocked.Exchange(ref _looked, now), now) > owner._options.SilenceLimit / 2)
            {
                Volatile.Write(ref _heard, now);
            }

            TimeSpan silence = owner._clock.GetElapsedTime(Volatile.Read(ref _heard));
            if (silence > (Volatile.Read(ref _hasSpoken) ? owner._options.SilenceLimit : owner._options.StartLimit))
            {
                Kill($"it did not report for {silence.TotalSeconds:F0} s");
            }
        }

        private void Read()
        {
            try
            {
                while (link.Receive() is { } message)
                {
                    Volatile.Write(ref _heard, owner._clock.GetTimestamp());
                    Volatile.Write(ref _hasSpoken, true);
                    if (ReasonOf(message) is { } reason)
                    {
                        _reason ??= reason;
                    }

                    owner._owner.Received(message);
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException or InvalidDataException or ObjectDisposedException)
            {
                Kill($"its channel failed: {exception.Message}");
            }
        }

        private void Write()
        {
            try
            {
                (WorkerMessage first, SafeHandle[] firstDescriptors) = owner._owner.Begin(link.ProcessId);
                link.Send(first, firstDescriptors);
                foreach ((WorkerMessage message, SafeHandle[] descriptors) in _outgoing.GetConsumingEnumerable())
                {
                    link.Send(message, descriptors);
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
            {
                Kill($"its channel failed: {exception.Message}");
            }
        }
    }
}
