using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Worker.Tests.Support;

/// <summary>The engine's end of a worker's channel: keeps all that the worker said, and waits for what it is to say.</summary>
internal sealed class WorkerInbox : IDisposable
{
    private readonly string _name;
    private readonly WorkerChannel _channel;
    private readonly List<WorkerMessage> _messages = [];
    private bool _hasEnded;

    public WorkerInbox(string name, WorkerChannel channel)
    {
        _name = name;
        _channel = channel;
        new Thread(Read) { IsBackground = true, Name = "inbox of " + name }.Start();
    }

    /// <summary>What to count from when only what comes after now matters.</summary>
    public int Now
    {
        get
        {
            lock (_messages)
            {
                return _messages.Count;
            }
        }
    }

    public void Send(WorkerMessage message, params SafeHandle[] descriptors) => _channel.Send(message, descriptors);

    public void TrySend(WorkerMessage message)
    {
        try
        {
            _channel.Send(message);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            // The worker ended by itself.
        }
    }

    /// <summary>Waits for a message; one that came before counts, unless <paramref name="after"/> says from where on.</summary>
    public T WaitFor<T>(Func<T, bool>? isIt = null, string? what = null, int after = 0)
        where T : WorkerMessage
    {
        return WaitForNext(ref after, isIt, what);
    }

    /// <summary>Waits for the next message of a kind and moves the place behind it.</summary>
    public T WaitForNext<T>(ref int after, Func<T, bool>? isIt = null, string? what = null)
        where T : WorkerMessage
    {
        long deadline = Stopwatch.GetTimestamp() + (long)(Bounds.Wait.TotalSeconds * Stopwatch.Frequency);
        lock (_messages)
        {
            for (int place = after; ; place++)
            {
                while (place >= _messages.Count)
                {
                    TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
                    if (_hasEnded || left <= TimeSpan.Zero || !Monitor.Wait(_messages, left))
                    {
                        Assert.Fail($"{_name}: {what ?? typeof(T).Name} did not come. {Describe()}");
                    }
                }

                if (_messages[place] is T message && (isIt is null || isIt(message)))
                {
                    after = place + 1;
                    return message;
                }
            }
        }
    }

    /// <summary>Waits for a report of a peer.</summary>
    public PeerReport WaitForPeer(int peer, Func<PeerReport, bool> isIt, string what, int after = 0)
    {
        PeerReport? found = null;
        WaitFor<OverlayReport>(report => (found = report.Peers.FirstOrDefault(one => one.Index == peer && isIt(one))) is not null, what, after);
        return found!;
    }

    /// <summary>Waits for a count of dropped packets.</summary>
    public void WaitForDrops(DropReason reason, long atLeast) =>
        WaitFor<OverlayReport>(report => report.Drops[(int)reason] >= atLeast, $"{atLeast} drops for {reason}");

    /// <summary>The last report of a peer that has a session, or null.</summary>
    public PeerReport? LastOf(int peer)
    {
        lock (_messages)
        {
            for (int place = _messages.Count - 1; place >= 0; place--)
            {
                if (_messages[place] is OverlayReport report && report.Peers.FirstOrDefault(one => one.Index == peer) is { } found)
                {
                    return found;
                }
            }

            return null;
        }
    }

    /// <summary>All messages of a kind so far.</summary>
    public T[] All<T>()
        where T : WorkerMessage
    {
        lock (_messages)
        {
            return [.. _messages.OfType<T>()];
        }
    }

    /// <summary>What came last, for the message of a failing test.</summary>
    public string Describe()
    {
        lock (_messages)
        {
            return $"The last of {_messages.Count} messages{(_hasEnded ? " (the channel is closed)" : string.Empty)}: "
                + string.Join("; ", _messages.TakeLast(12).Select(message => message is OverlayReport report
                    ? $"report of {string.Join(", ", report.Peers.Select(peer => $"{peer.Index} {peer.State} ({peer.Reason})"))} drops {string.Join(',', report.Drops)}"
                    : message.ToString()));
        }
    }

    public void Dispose() => _channel.Dispose();

    private void Read()
    {
        List<SafeHandle> none = [];
        try
        {
            while (_channel.Receive(none) is { } message)
            {
                lock (_messages)
                {
                    _messages.Add(message);
                    Monitor.PulseAll(_messages);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            // The other end is gone, as at the end of every test.
        }

        lock (_messages)
        {
            _hasEnded = true;
            Monitor.PulseAll(_messages);
        }
    }
}
