using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Netfilter;

/// <summary>A thread that waits for events of a netlink socket and hands them on; it sleeps in poll() while nothing happens and ends when this object is disposed. It owns the socket.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class NetlinkEventLoop : IDisposable
{
    // A socket that fails for any reason but a full queue is asked again this much later, so that the thread does not spin.
    private const int RetryMilliseconds = 100;

    private readonly NetlinkSocket _socket;
    private readonly INetlinkEventSink _sink;
    private readonly Wakeup _wakeup = new();
    private readonly Thread _thread;
    private int _isDisposed;
    private volatile bool _stop;

    /// <summary>Starts the thread, in the network namespace of the calling one.</summary>
    /// <param name="socket">The socket, subscribed already; owned from here on.</param>
    /// <param name="sink">Who takes the events.</param>
    /// <param name="name">Name of the thread.</param>
    public NetlinkEventLoop(NetlinkSocket socket, INetlinkEventSink sink, string name)
    {
        _socket = socket;
        _sink = sink;
        _thread = new Thread(Follow) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _stop = true;
        _wakeup.Signal();
        _thread.Join();
        _sink.Complete();
        _socket.Dispose();
        _wakeup.Dispose();
    }

    private void Follow()
    {
        Libc.pollfd* descriptors = stackalloc Libc.pollfd[2];
        descriptors[0] = new Libc.pollfd { fd = _wakeup.Descriptor.Number, events = Libc.POLLIN };
        descriptors[1] = new Libc.pollfd { fd = _socket.Descriptor.Number, events = Libc.POLLIN };
        while (!_stop)
        {
            Libc.poll(descriptors, 2, -1);
            while (!_stop && TryReceive(out bool hasFailed))
            {
                if (hasFailed)
                {
                    Libc.poll(descriptors, 1, RetryMilliseconds);
                }
            }
        }
    }

    /// <summary>Takes a datagram.</summary>
    /// <param name="hasFailed">Whether the socket failed.</param>
    /// <returns>False when nothing is waiting.</returns>
    private bool TryReceive(out bool hasFailed)
    {
        hasFailed = false;
        NetlinkReceiveStatus status;
        NetlinkMessageReader messages;
        try
        {
            status = _socket.Receive(out messages);
        }
        catch (NetlinkException)
        {
            hasFailed = true;
            _sink.TakeOverrun();
            return true;
        }

        if (status == NetlinkReceiveStatus.Overrun)
        {
            _sink.TakeOverrun();
        }

        while (messages.TryRead(out NetlinkMessage message))
        {
            try
            {
                _sink.Take(message);
            }
            catch (NetlinkException)
            {
                _sink.TakeDamaged();
            }
        }

        return status != NetlinkReceiveStatus.Empty;
    }
}
