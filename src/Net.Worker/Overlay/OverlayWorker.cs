using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Net.Overlay.Sharding;
using Net.Platform;
using Net.Platform.Linux;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <summary>An overlay worker: one thread or several move packets, a shard of the peers each; one reads what the engine says and one writes what is to be told, so that neither JSON nor a
/// slow engine ever holds up a packet.</summary>
/// <param name="channel">The channel to the engine; the caller disposes it.</param>
/// <param name="host">What surrounds the worker: a process of its own, usually.</param>
internal sealed class OverlayWorker(WorkerChannel channel, WorkerHost host) : IDisposable
{
    // More than this much unread by the engine means that it is stuck: reports are dropped, the next one says all again.
    private const int MaxUnsent = 4_096;

    private readonly ConcurrentQueue<WorkerMessage> _reports = new();
    private readonly Wakeup _reportWakeup = new();
    private int _unsent;
    private volatile bool _isEnding;

    /// <summary>The time of day.</summary>
    public TimeProvider Clock => host.Clock;

    /// <summary>Runs until the engine ends it or goes away.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        List<SafeHandle> descriptors = [];
        if (channel.Receive(descriptors) is not StartOverlay { Shards: >= 1 and <= ShardSteering.MaxShards } start || descriptors.Count != 2 * start.Shards)
        {
            return 2;
        }

        var writer = new Thread(WriteReports) { IsBackground = true, Name = "reports" };
        writer.Start();
        try
        {
            return RunShards(start, descriptors);
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

    /// <inheritdoc />
    public void Dispose() => _reportWakeup.Dispose();

    private int RunShards(StartOverlay start, List<SafeHandle> descriptors)
    {
        using var group = new ShardGroup(this, start);
        List<IDisposable> opened = [];
        try
        {
            Shard[] shards = new Shard[group.Count];
            for (int number = 0; number < shards.Length; number++)
            {
                TunDevice device = host.OpenDevice(descriptors[number], start.HasTso, start.HasUso);
                opened.Add(device);
                DatagramSocket socket = DatagramSocket.FromDescriptor(descriptors[shards.Length + number]);
                opened.Add(socket);
                shards[number] = new Shard(group, number, device, socket);
                opened.Add(shards[number]);
                group.Add(shards[number]);
            }

            var reader = new Thread(() => ReadCommands(group)) { IsBackground = true, Name = "commands" };
            reader.Start();
            if (start.LockProcess)
            {
                Seccomp.LockProcess();
            }

            Report(new OverlayReady(QuicLibrary.Version, start.LockProcess));
            Run(group, shards);
            return 0;
        }
        finally
        {
            opened.Reverse();
            opened.ForEach(one => one.Dispose());
        }
    }

    // One shard has this thread. Several have threads of their own: whatever a thread that keeps to a core starts later would keep to it as well.
    private static void Run(ShardGroup group, Shard[] shards)
    {
        if (shards.Length == 1)
        {
            _ = ThreadSlice.TryShorten();
            shards[0].Run();
            return;
        }

        Thread[] threads = [.. shards.Select(shard => new Thread(() => RunOne(group, shard)) { IsBackground = true, Name = $"shard {shard.Number}" })];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        group.ThrowIfFailed();
    }

    private static void RunOne(ShardGroup group, Shard shard)
    {
        try
        {
            shard.KeepToCore();
            _ = ThreadSlice.TryShorten();
            shard.Run();
        }
        catch (Exception exception)
        {
            // The thread that waits for all of them throws it again.
            group.Fail(exception);
        }
    }

    // The engine's end of the channel is the leash: without it nobody would stop this process, whatever the packet loop does.
    private void ReadCommands(ShardGroup group)
    {
        List<SafeHandle> descriptors = [];
        try
        {
            while (channel.Receive(descriptors) is { } message)
            {
                group.Dispatch(message);
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
