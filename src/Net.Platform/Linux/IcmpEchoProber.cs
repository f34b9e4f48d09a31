using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Sends ICMP echoes through raw sockets, one for each family and interface, in the network namespace of the thread that makes it.
/// Needs CAP_NET_RAW and nothing else. One thread receives for all sockets; round trips end at the kernel's own timestamp.</summary>
[SupportedOSPlatform("linux")]
public sealed class IcmpEchoProber : IEchoProber
{
    private const int MinimumPayloadBytes = EchoSocket.CookieBytes;
    private const int MaximumPayloadBytes = 8192;

    private readonly Lock _gate = new();
    private readonly Dictionary<(AddressFamily Family, string? InterfaceName), EchoSocket> _sockets = [];
    private readonly Wakeup _wakeup = new();
    private readonly TimeProvider _timeProvider;
    private readonly NetworkNamespace _home;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<EchoSocket> _retired = new();
    private volatile EchoSocket[] _received = [];
    private volatile bool _stop;

    /// <summary>Starts the receiving thread; sockets are opened when first needed.</summary>
    /// <param name="timeProvider">Runs the time-outs; null for the system's clock.</param>
    public IcmpEchoProber(TimeProvider? timeProvider = null)
    {
        _timeProvider = timeProvider ?? TimeProvider.System;
        _home = NetworkNamespace.OpenCurrent();
        _thread = new Thread(Receive) { IsBackground = true, Name = "icmp echo" };
        _thread.Start();
    }

    /// <inheritdoc />
    public async Task<EchoReply> SendAsync(EchoRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.PayloadBytes, MinimumPayloadBytes, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.PayloadBytes, MaximumPayloadBytes, nameof(request));
        cancellationToken.ThrowIfCancellationRequested();

        EchoSocket socket;
        try
        {
            socket = GetSocket(request.Destination.AddressFamily, request.InterfaceName);
        }
        catch (NetlinkException exception)
        {
            return new EchoReply { Outcome = EchoOutcome.SendFailed, Reason = exception.Message };
        }

        using EchoSocket.Flight flight = socket.Begin(request);
        if (flight.Reply.IsCompleted)
        {
            return await flight.Reply.ConfigureAwait(false);
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((EchoSocket.Flight)state!).Cancel(token), flight);
        using ITimer timer = _timeProvider.CreateTimer(
            static state => ((EchoSocket.Flight)state!).TimeOut(), flight, request.Timeout, Timeout.InfiniteTimeSpan);
        return await flight.Reply.ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_stop)
        {
            return;
        }

        _stop = true;
        _wakeup.Signal();
        _thread.Join();
        lock (_gate)
        {
            foreach (EchoSocket socket in _sockets.Values)
            {
                socket.Dispose();
            }

            _sockets.Clear();
        }

        _home.Dispose();
        _wakeup.Dispose();
    }

    private EchoSocket GetSocket(AddressFamily family, string? interfaceName)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop, this);
            if (_sockets.TryGetValue((family, interfaceName), out EchoSocket? socket))
            {
                // An interface that went and came back has another index, and the old socket stays bound to the old one.
                if (!socket.IsStale())
                {
                    return socket;
                }

                _sockets.Remove((family, interfaceName));
                _received = [.. _sockets.Values];
                _retired.Enqueue(socket);
            }

            // The calling thread may be anywhere; sockets belong where the prober was made.
            EchoSocket opened = _home.Run(() => new EchoSocket(family, interfaceName));
            _sockets.Add((family, interfaceName), opened);
            _received = [.. _sockets.Values];
            _wakeup.Signal();
            return opened;
        }
    }

    private unsafe void Receive()
    {
        while (!_stop)
        {
            // Taken before the list is read: a retired socket is in no list that is read later, so none is polled after its end.
            while (_retired.TryDequeue(out EchoSocket? retired))
            {
                retired.Dispose();
            }

            EchoSocket[] sockets = _received;
            var descriptors = new Libc.pollfd[sockets.Length + 1];
            descriptors[0] = new Libc.pollfd { fd = _wakeup.Descriptor.Number, events = Libc.POLLIN };
            for (int i = 0; i < sockets.Length; i++)
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

            for (int i = 0; i < sockets.Length; i++)
            {
                if (descriptors[i + 1].revents != 0)
                {
                    sockets[i].Drain();
                }
            }
        }
    }
}
