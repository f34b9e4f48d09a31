using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Net.Platform.Linux;
using Net.Workers;
using Net.Workers.Overlay;
using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>Between the engine's channel and the thread that relays: one thread reads messages and compiles their flows, one writes reports, so that neither JSON, nor ten thousand rules, nor a
/// slow engine ever holds up a packet.</summary>
/// <param name="channel">The channel; the caller disposes it.</param>
/// <param name="exit">Ends the process when the engine is gone.</param>
internal sealed class RelayMailbox(WorkerChannel channel, Action<int> exit) : IDisposable
{
    // More than this much unread by the engine means that it is stuck: what is told is dropped, and no reports are made until it reads again.
    private const int MaxUnsent = 256;

    private static readonly RelayDescriptors s_none = new();

    private readonly ConcurrentQueue<RelayCommand> _commands = new();
    private readonly ConcurrentQueue<WorkerMessage> _reports = new();
    private readonly Dictionary<RelayFlowKey, RelayAssignment> _assignments = [];
    private readonly Wakeup _wakeup = new();
    private readonly Wakeup _reportWakeup = new();
    private FlowSet? _flows;
    private Thread? _writer;
    private int _hasCommands;
    private int _unsent;
    private int _logLevel = 2;
    private volatile bool _isEnding;

    /// <summary>Becomes readable when a command waits.</summary>
    public SafeHandle WakeupHandle => _wakeup.Handle;

    /// <summary>Whether there is room for a report. Without, what was counted is kept for the next one.</summary>
    public bool HasRoom => Volatile.Read(ref _unsent) < MaxUnsent / 2;

    /// <summary>Waits for the first message and starts the two threads.</summary>
    /// <returns>The first message made ready; null when it is another one than <see cref="StartRelay"/>.</returns>
    public RelayCommand? Open()
    {
        List<SafeHandle> handles = [];
        if (channel.Receive(handles) is not StartRelay start)
        {
            handles.ForEach(handle => handle.Dispose());
            return null;
        }

        _logLevel = start.LogLevel;
        _writer = new Thread(WriteReports) { IsBackground = true, Name = "reports" };
        _writer.Start();
        RelayCommand command = Prepare(start, [.. handles]);
        new Thread(ReadCommands) { IsBackground = true, Name = "commands" }.Start();
        return command;
    }

    /// <summary>Takes the next command, if there is one. Cheap: it is asked in every round of the packet loop.</summary>
    /// <param name="command">The command.</param>
    /// <returns>False when there is none.</returns>
    public bool TryTake(out RelayCommand? command)
    {
        command = null;
        if (Volatile.Read(ref _hasCommands) == 0)
        {
            return false;
        }

        if (_commands.TryDequeue(out command))
        {
            return true;
        }

        // In this order, so that one that comes right now is seen next time.
        Volatile.Write(ref _hasCommands, 0);
        _wakeup.Clear();
        if (!_commands.IsEmpty)
        {
            Volatile.Write(ref _hasCommands, 1);
        }

        return _commands.TryDequeue(out command);
    }

    /// <summary>Tells the engine something. Never waits.</summary>
    /// <param name="message">What.</param>
    /// <returns>Whether there was room.</returns>
    public bool Report(WorkerMessage message)
    {
        if (_isEnding || Volatile.Read(ref _unsent) >= MaxUnsent)
        {
            return false;
        }

        Interlocked.Increment(ref _unsent);
        _reports.Enqueue(message);
        _reportWakeup.Signal();
        return true;
    }

    /// <summary>Logs by the engine's log.</summary>
    /// <param name="level">As in Microsoft.Extensions.Logging.</param>
    /// <param name="text">The line.</param>
    /// <param name="ruleId">The rule it is about, or null.</param>
    public void Log(int level, string text, int? ruleId = null)
    {
        if (level >= Volatile.Read(ref _logLevel))
        {
            Report(new WorkerLog(level, text, RuleId: ruleId));
        }
    }

    /// <summary>Waits a little until everything told so far is with the engine; the process may end afterwards.</summary>
    public void Close()
    {
        _isEnding = true;
        _reportWakeup.Signal();
        _writer?.Join(TimeSpan.FromSeconds(2));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _wakeup.Dispose();
        _reportWakeup.Dispose();
    }

    // The engine's end of the channel is the leash: without it nobody would stop this process, whatever the packet loop does.
    private void ReadCommands()
    {
        List<SafeHandle> handles = [];
        try
        {
            while (channel.Receive(handles) is { } message)
            {
                RelayCommand command = Prepare(message, [.. handles]);
                handles.Clear();
                _commands.Enqueue(command);
                Volatile.Write(ref _hasCommands, 1);
                _wakeup.Signal();
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or System.Net.Sockets.SocketException)
        {
            Console.Error.WriteLine($"netmod-worker: the engine's channel failed: {exception.Message}");
        }

        if (!_isEnding)
        {
            exit(0);
        }
    }

    private RelayCommand Prepare(WorkerMessage message, SafeHandle[] handles)
    {
        switch (message)
        {
            case StartRelay start:
                return new RelayCommand(message, Replace(start.Flows), start.Descriptors, handles);
            case ReplaceFlows replace:
                return new RelayCommand(message, Replace(replace.Flows), replace.Descriptors, handles);
            case ChangeFlows change:
                return new RelayCommand(message, Change(change), change.Descriptors, handles);
            case SetLogLevel level:
                Volatile.Write(ref _logLevel, level.Level);
                break;
        }

        return new RelayCommand(message, null, s_none, handles);
    }

    private FlowSet Replace(RelayAssignment[] flows)
    {
        _assignments.Clear();
        foreach (RelayAssignment assignment in flows)
        {
            _assignments[KeyOf(assignment)] = assignment;
        }

        return Compile();
    }

    private FlowSet Change(ChangeFlows change)
    {
        foreach (RelayFlowKey key in change.Removed)
        {
            _assignments.Remove(key);
        }

        foreach (RelayAssignment assignment in change.Flows)
        {
            _assignments[KeyOf(assignment)] = assignment;
        }

        return Compile();
    }

    private FlowSet Compile()
    {
        _flows = new FlowSet(_assignments.Values, _flows, MonotonicClock.Now);
        foreach ((int ruleId, string reason) in _flows.Refused)
        {
            Log(4, $"a flow cannot be relayed: {reason}", ruleId);
        }

        return _flows;
    }

    private static RelayFlowKey KeyOf(RelayAssignment assignment) => new(assignment.Flow.RuleId, assignment.Flow.Input.InterfaceIndex);

    // It sleeps in poll(2): the waits of the platform's collections spin first, which for a few reports a second would be most of an idle worker's work.
    private void WriteReports()
    {
        var poller = new Poller(1);
        poller.Set(0, _reportWakeup.Handle, wantRead: true);
        try
        {
            while (true)
            {
                while (_reports.TryDequeue(out WorkerMessage? message))
                {
                    Interlocked.Decrement(ref _unsent);
                    channel.Send(message);
                }

                if (_isEnding && _reports.IsEmpty)
                {
                    return;
                }

                poller.Wait(-1);
                _reportWakeup.Clear();
            }
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
        {
            // The engine is gone; the reading thread ends the process.
        }
    }
}
