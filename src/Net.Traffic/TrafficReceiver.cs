using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Platform.Linux;

namespace Net.Traffic;

/// <summary>Receives what a <see cref="TrafficGenerator"/> sent, at any number of places, and tells what was lost, reordered, repeated or changed and how
/// long it took, each place by itself. Times of arrival are the kernel's: how fast this program is woken does not count. Memory is bounded, and nothing is
/// allocated per packet.</summary>
[SupportedOSPlatform("linux")]
public sealed class TrafficReceiver : IDisposable
{
    // How long a token that asks to end may go unnoticed.
    private const long LongestWait = 50_000_000;
    private const long ProgressEvery = 1_000_000_000;

    // Calls on one socket before the others get their turn.
    private const int MostRounds = 16;

    private readonly TrafficListen _listen;
    private readonly EndpointCounter[] _counters;
    private readonly (TrafficReceiveSocket Socket, int Counter)[] _sockets;
    private readonly KernelClock _clock = new();

    private TrafficReceiver(TrafficListen listen, EndpointCounter[] counters, (TrafficReceiveSocket Socket, int Counter)[] sockets)
    {
        _listen = listen;
        _counters = counters;
        _sockets = sockets;
    }

    /// <summary>Opens the sockets and joins the groups, in the network namespace of the calling thread. From here on the kernel keeps what comes.</summary>
    /// <param name="listen">What to wait for.</param>
    /// <returns>The receiver, to be disposed by the caller.</returns>
    /// <exception cref="TrafficException">It is not usable, or the kernel refused a step.</exception>
    public static TrafficReceiver Open(TrafficListen listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        IReadOnlyList<string> problems = listen.Validate();
        if (problems.Count > 0)
        {
            throw new TrafficException(string.Join(' ', problems));
        }

        List<(TrafficReceiveSocket Socket, int Counter)> sockets = [];
        try
        {
            for (int index = 0; index < listen.Endpoints.Count; index++)
            {
                OpenAt(listen, index, sockets);
            }
        }
        catch (SocketException failure)
        {
            foreach ((TrafficReceiveSocket socket, _) in sockets)
            {
                socket.Dispose();
            }

            throw new TrafficException($"Nothing can be received: {failure.Message}", failure);
        }

        return new TrafficReceiver(listen, [.. listen.Endpoints.Select(endpoint => new EndpointCounter(endpoint, listen))], [.. sockets]);
    }

    /// <summary>Receives on the calling thread until it is over: the streams ended, nothing came for long enough, the time is up, or the token asks to end, which is
    /// no failure. To be called once.</summary>
    /// <param name="cancellationToken">Ends it; what came so far is taken first.</param>
    /// <param name="progress">Hears how far it is, once a second, on the calling thread.</param>
    /// <returns>What came.</returns>
    /// <exception cref="TrafficException">The core asked for is not there.</exception>
    public TrafficReport Receive(CancellationToken cancellationToken, Action<TrafficProgress>? progress = null)
    {
        TrafficGenerator.Pin(_listen.Core);
        using TrafficInbox inbox = new();
        Poller poller = new(_sockets.Length);
        for (int index = 0; index < _sockets.Length; index++)
        {
            poller.Set(index, _sockets[index].Socket.Handle, wantRead: true);
        }

        long start = _clock.Now;
        long end = start + (long)(_listen.Duration.TotalSeconds * 1e9);
        long nextProgress = start + ProgressEvery;
        long before = 0;
        Offsets offsets = ReadOffsets();
        bool isLast = false;
        while (true)
        {
            int ready = poller.Wait(isLast ? 0 : LongestWait);
            for (int index = 0; ready > 0 && index < _sockets.Length; index++)
            {
                if (poller.IsReady(index))
                {
                    Drain(inbox, index, offsets);
                }
            }

            long now = _clock.Now;
            if (isLast && (ready == 0 || now >= end + ProgressEvery))
            {
                return Report();
            }

            if (now >= nextProgress)
            {
                offsets = ReadOffsets();
                long received = _counters.Sum(counter => counter.Received);
                progress?.Invoke(new TrafficProgress(TimeSpan.FromTicks((now - start) / TimeSpan.NanosecondsPerTick), received, received - before, _counters.Sum(counter => counter.Lost)));
                before = received;
                nextProgress = now + ProgressEvery;
            }

            // Asked to end, it still takes what has already arrived.
            isLast |= now >= end || cancellationToken.IsCancellationRequested || IsOver(now);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach ((TrafficReceiveSocket socket, _) in _sockets)
        {
            socket.Dispose();
        }
    }

    private static void OpenAt(TrafficListen listen, int index, List<(TrafficReceiveSocket Socket, int Counter)> sockets)
    {
        TrafficEndpoint endpoint = listen.Endpoints[index];
        bool isGroup = TrafficAddresses.IsGroup(endpoint.Group);
        IPAddress any = endpoint.Group.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        for (int port = 0; port < endpoint.Ports; port++)
        {
            IPAddress local = endpoint.Groups == 1 ? endpoint.Group : any;
            TrafficReceiveSocket socket = TrafficReceiveSocket.Open(endpoint.Interface, new IPEndPoint(local, endpoint.Port + port), listen.ReceiveBufferBytes);
            sockets.Add((socket, index));

            // A group that any socket joined is heard at every port.
            for (int group = 0; isGroup && port == 0 && group < endpoint.Groups; group++)
            {
                socket.Join(TrafficAddresses.Add(endpoint.Group, group), endpoint.Source);
            }
        }
    }

    private void Drain(TrafficInbox inbox, int index, Offsets offsets)
    {
        (TrafficReceiveSocket socket, int number) = _sockets[index];
        EndpointCounter counter = _counters[number];
        for (int round = 0; round < MostRounds; round++)
        {
            int messages = inbox.Receive(socket);
            for (int message = 0; message < messages; message++)
            {
                ReadOnlySpan<byte> bytes = inbox.Message(socket, message, out int segmentBytes, out long realtime);
                long arrival = realtime == 0 ? _clock.Now : realtime - offsets.Realtime;
                do
                {
                    int length = Math.Min(segmentBytes, bytes.Length);
                    counter.Take(bytes[..length], arrival, offsets.Tai);
                    bytes = bytes[length..];
                }
                while (!bytes.IsEmpty);
            }

            if (messages == 0)
            {
                return;
            }
        }
    }

    private bool IsOver(long now)
    {
        long last = _counters.Max(counter => counter.LastArrival);
        return last != 0
            && ((_listen.EndsWithStreams && Array.TrueForAll(_counters, counter => counter.IsEnded))
                || (_listen.IdleTimeout is TimeSpan idle && now - last > (long)(idle.TotalSeconds * 1e9)));
    }

    private Offsets ReadOffsets() => new(_clock.RealtimeOffset, _clock.TaiOffset);

    private TrafficReport Report()
    {
        TrafficReport[] reports = new TrafficReport[_counters.Length];
        for (int index = 0; index < reports.Length; index++)
        {
            reports[index] = _counters[index].Report(_sockets.Where(socket => socket.Counter == index).Sum(socket => socket.Socket.Overruns));
        }

        return EndpointCounter.Combine(_counters, reports);
    }

    private readonly record struct Offsets(long Realtime, long Tai);
}
