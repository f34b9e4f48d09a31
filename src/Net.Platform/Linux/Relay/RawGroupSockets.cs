using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>All sockets that hear IGMP and MLD, and the one thread that waits for them in poll(2). Open may be called from any thread; sockets are opened in the network namespace
/// this object was made in. Disposing it ends them all.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class RawGroupSockets : IDisposable
{
    private readonly Lock _gate = new();
    private readonly NetworkNamespace _home = NetworkNamespace.OpenCurrent();
    private readonly Wakeup _wakeup = new();
    private readonly ConcurrentQueue<RawGroupSocket> _retired = new();
    private ImmutableList<RawGroupSocket> _sockets = [];
    private Thread? _thread;
    private volatile bool _stop;

    /// <summary>Opens a socket and starts to hear.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="family">IPv4 for IGMP, IPv6 for MLD.</param>
    /// <param name="handler">Takes each packet.</param>
    /// <returns>The socket; the caller disposes it.</returns>
    /// <exception cref="NetlinkException">The kernel refused: no CAP_NET_RAW, or no such interface.</exception>
    public RawGroupSocket Open(int interfaceIndex, AddressFamily family, RawGroupHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop, this);
            RawGroupSocket socket = _home.Run(() => new RawGroupSocket(interfaceIndex, family, handler));
            socket.Closing = Retire;
            _sockets = _sockets.Add(socket);
            if (_thread is null)
            {
                _thread = new Thread(Receive) { IsBackground = true, Name = "group reports" };
                _thread.Start();
            }

            _wakeup.Signal();
            return socket;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stop)
            {
                return;
            }

            _stop = true;
            _wakeup.Signal();
        }

        _thread?.Join();
        foreach (RawGroupSocket socket in _sockets)
        {
            socket.Close();
        }

        while (_retired.TryDequeue(out RawGroupSocket? socket))
        {
            socket.Close();
        }

        _wakeup.Dispose();
        _home.Dispose();
    }

    private void Retire(RawGroupSocket socket)
    {
        lock (_gate)
        {
            if (!_stop && _sockets.Contains(socket))
            {
                _sockets = _sockets.Remove(socket);
                _retired.Enqueue(socket);
                _wakeup.Signal();
            }
        }
    }

    private void Receive()
    {
        byte[] buffer = new byte[RawGroupSocket.BufferBytes];
        while (!_stop)
        {
            // Taken before the list is read: a retired socket is in no list that is read later, so none is polled after its end.
            while (_retired.TryDequeue(out RawGroupSocket? retired))
            {
                retired.Close();
            }

            ImmutableList<RawGroupSocket> sockets = Volatile.Read(ref _sockets);
            var descriptors = new Libc.pollfd[sockets.Count + 1];
            descriptors[0] = new Libc.pollfd { fd = _wakeup.Descriptor.Number, events = Libc.POLLIN };
            for (int i = 0; i < sockets.Count; i++)
            {
                descriptors[i + 1] = new Libc.pollfd { fd = sockets[i].Descriptor.Number, events = Libc.POLLIN };
            }

            fixed (Libc.pollfd* first = descriptors)
            {
                Libc.poll(first, (nuint)descriptors.Length, -1);
            }

            if (descriptors[0].revents != 0)
            {
                _wakeup.Clear();
            }

            for (int i = 0; i < sockets.Count; i++)
            {
                if (descriptors[i + 1].revents != 0)
                {
                    sockets[i].Drain(buffer);
                }
            }
        }
    }
}
