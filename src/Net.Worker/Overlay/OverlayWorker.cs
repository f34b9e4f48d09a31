using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Net.Platform;
using Net.Platform.Linux;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <summary>An overlay worker: one thread moves packets; one reads what the engine says and one writes what is to be told, so that neither JSON nor a
/// slow engine ever holds up a packet.</summary>
/// <param name="channel">The channel to the engine; the caller disposes it.</param>
/// <param name="host">What surrounds the worker: a process of its own, usually.</param>
internal sealed class OverlayWorker(WorkerChannel channel, WorkerHost host) : IDisposable
{
    // More than this much unread by the engine means that it is stuck: reports are dropped, the next one says all again.
    private const int MaxUnsent = 4_096;

    private readonly ConcurrentQueue<WorkerMessage> _commands = new();
    private readonly ConcurrentQueue<WorkerMessage> _reports = new();
    private readonly Wakeup _wakeup = new();
    private readonly Wakeup _reportWakeup = new();
    private int _hasCommands;
    private int _unsent;
    private volatile bool _isEnding;

    /// <summary>The time of day.</summary>
    public TimeProvider Clock => host.Clock;

    /// <summary>Becomes readable when a command waits.</summary>
    public SafeHandle WakeupHandle => _wakeup.Handle;

    /// <summary>Runs until the engine ends it or goes away.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        List<SafeHandle> descriptors = [];
        if (channel.Receive(descriptors) is not StartOverlay start || descriptors.Count != 2)
        {
            return 2;
        }

        var writer = new Thread(WriteReports) { IsBackground = true, Name = "reports" };
        writer.Start();
        try
        {
            return RunShard(start, descriptors);
        }
        catch (Exception exception) when (exception is TunnelDeviceException or NativeLibraryMissingException or Win32Exception or PlatformNotSupportedException)
        {
            Report(new OverlayFailed(exception.Message));
            return 1;
        }
        finally
        {
            // From here on the channel closes because this end does; the exit code is the one that is returned.
            _isEnding = true;

            // What was told last, such as the records of connections that ended with the overlay, would be lost with the process.
            Drain(writer);
        }
    }

    /// <summary>Tells the engine something. Never waits.</summary>
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

    /// <summary>Takes the next command, if there is one.</summary>
    public bool TryTakeCommand(out WorkerMessage? command) => _commands.TryDequeue(out command);

    /// <summary>Whether commands came since the last call. Cheap: it is asked in every round of the packet loop.</summary>
    public bool HasCommands()
    {
        if (Volatile.Read(ref _hasCommands) == 0)
        {
            return false;
        }

        Volatile.Write(ref _hasCommands, 0);
        _wakeup.Clear();
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _wakeup.Dispose();
        _reportWakeup.Dispose();
    }

    private int RunShard(StartOverlay start, List<SafeHandle> descriptors)
    {
        _ = ThreadSlice.TryShorten();

        using TunDevice device = host.OpenDevice(descriptors[0], start.HasTso, start.HasUso);
        using DatagramSocket socket = DatagramSocket.FromDescriptor(descriptors[1]);
        using var shard = new Shard(this, start, device, socket);
        var reader = new Thread(ReadCommands) { IsBackground = true, Name = "commands" };
        reader.Start();
        if (start.LockProcess)
        {
            Seccomp.LockProcess();
        }

        Report(new OverlayReady(QuicLibrary.Version, start.LockProcess));
        shard.Run();
        return 0;
    }

    // The engine's end of the channel is the leash: without it nobody would stop this process, whatever the packet loop does.
    private void ReadCommands()
    {
        List<SafeHandle> descriptors = [];
        try
        {
            while (channel.Receive(descriptors) is { } message)
            {
                _commands.Enqueue(message);
                Volatile.Write(ref _hasCommands, 1);
                _wakeup.Signal();
            }
        }
        catch (Exception exception) when (exception is IOException or System.Text.Json.JsonException or System.Net.Sockets.SocketException)
        {
            Console.Error.WriteLine($"netmod-worker: the engine's channel failed: {exception.Message}");
        }

        if (!_isEnding)
        {
            host.Exit(0);
        }
    }

    // It sleeps in poll(2): the waits of the platform's collections spin first, which for a report a second would be most of an idle worker's work.
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

    private void Drain(Thread writer)
    {
        _isEnding = true;
        _reportWakeup.Signal();
        writer.Join(TimeSpan.FromSeconds(2));
    }
}
