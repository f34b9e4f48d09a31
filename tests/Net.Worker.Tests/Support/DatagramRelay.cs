using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Net.Worker.Tests.Support;

/// <summary>A path between two nodes as bad as wanted: takes datagrams of one caller at its front, and hands them to its target from its back, and the other way
/// round. Each direction has a delay, a rate with a queue of bounded size, and can drop what is too large or everything. With another back it looks as a NAT does
/// that gave another mapping.</summary>
internal sealed class DatagramRelay : IDisposable
{
    // Reserves what a socket needs for a burst at 20 Mb/s and more.
    private const int SocketBufferBytes = 4 << 20;

    private readonly Socket _front;
    private readonly IPEndPoint _target;
    private readonly Thread _thread;
    private readonly Direction _there = new();
    private readonly Direction _back = new();
    private readonly byte[] _buffer = new byte[1 << 16];
    private Socket _behind;
    private IPEndPoint? _caller;
    private long _forwarded;
    private int _maxDatagramBytes = 65_535;
    private volatile bool _isBlocked;
    private volatile bool _isEnding;
    private volatile Socket? _nextBehind;
    private long _delay;
    private double _bytesPerSecond;

    public DatagramRelay(string address, IPEndPoint target)
    {
        _front = Open(address);
        _behind = Open(address);
        _target = target;
        _thread = new Thread(Run) { IsBackground = true, Name = "relay" };
        _thread.Start();
    }

    /// <summary>Where it is called.</summary>
    public IPEndPoint Front => (IPEndPoint)_front.LocalEndPoint!;

    /// <summary>Datagrams that went through.</summary>
    public long Forwarded => Interlocked.Read(ref _forwarded);

    /// <summary>Whether nothing goes through.</summary>
    public bool IsBlocked
    {
        get => _isBlocked;
        set => _isBlocked = value;
    }

    /// <summary>Datagrams larger than this get lost.</summary>
    public int MaxDatagramBytes
    {
        get => Volatile.Read(ref _maxDatagramBytes);
        set => Volatile.Write(ref _maxDatagramBytes, value);
    }

    /// <summary>A datagram of the caller as it passes, for tests that keep or change some. Called on the relay's thread.</summary>
    public Action<byte[]>? Seen { get; init; }

    /// <summary>Bytes that may wait in each direction when there is a rate.</summary>
    public int QueueBytes { get; init; } = 250_000;

    /// <summary>Time each way.</summary>
    public TimeSpan Delay
    {
        init => _delay = (long)(value.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>Rate of each direction in bits per second; 0 for any.</summary>
    public double BitsPerSecond
    {
        init => _bytesPerSecond = value / 8;
    }

    /// <summary>From now on the target sees datagrams come from another port of another address.</summary>
    public void MoveBehind(string address) => _nextBehind = Open(address);

    /// <summary>Hands the caller a datagram that looks as if the target had sent it.</summary>
    public void SendToCaller(ReadOnlySpan<byte> datagram) => _front.SendTo(datagram, _caller!);

    public void Dispose()
    {
        _isEnding = true;
        _thread.Join();
        _front.Dispose();
        _behind.Dispose();
    }

    private static Socket Open(string address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = SocketBufferBytes, SendBufferSize = SocketBufferBytes };
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return socket;
    }

    private void Run()
    {
        var readable = new List<Socket>();
        while (!_isEnding)
        {
            if (_nextBehind is { } next)
            {
                _behind.Dispose();
                _behind = next;
                _nextBehind = null;
            }

            readable.Clear();
            readable.Add(_front);
            readable.Add(_behind);
            Socket.Select(readable, null, null, WaitMicroseconds());
            foreach (Socket socket in readable)
            {
                Take(socket);
            }

            long now = Stopwatch.GetTimestamp();
            Deliver(_there, now, packet => _behind.SendTo(packet, _target));
            Deliver(_back, now, packet => _front.SendTo(packet, _caller!));
        }
    }

    private int WaitMicroseconds()
    {
        long due = Math.Min(_there.Due, _back.Due);
        const int longest = 20_000;
        return due == long.MaxValue ? longest : (int)Math.Clamp((due - Stopwatch.GetTimestamp()) * 1_000_000 / Stopwatch.Frequency, 0, longest);
    }

    private void Take(Socket socket)
    {
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int length;
        try
        {
            length = socket.ReceiveFrom(_buffer, ref from);
        }
        catch (SocketException)
        {
            // An ICMP error about a node that has ended.
            return;
        }

        bool isFromCaller = ReferenceEquals(socket, _front);
        if (isFromCaller)
        {
            _caller = (IPEndPoint)from;
            Seen?.Invoke(_buffer[..length]);
        }

        if (_isBlocked || length > MaxDatagramBytes || (!isFromCaller && _caller is null))
        {
            return;
        }

        Direction direction = isFromCaller ? _there : _back;
        long now = Stopwatch.GetTimestamp();
        long leaves = Math.Max(now, direction.BusyUntil);
        if (_bytesPerSecond > 0)
        {
            if ((leaves - now) * _bytesPerSecond / Stopwatch.Frequency > QueueBytes)
            {
                return;
            }

            leaves += (long)(length / _bytesPerSecond * Stopwatch.Frequency);
            direction.BusyUntil = leaves;
        }

        direction.Waiting.Enqueue((leaves + _delay, _buffer[..length]));
    }

    private void Deliver(Direction direction, long now, Func<byte[], int> send)
    {
        while (direction.Waiting.TryPeek(out (long Due, byte[] Packet) first) && first.Due <= now)
        {
            direction.Waiting.Dequeue();
            if (_isBlocked)
            {
                continue;
            }

            try
            {
                send(first.Packet);
                Interlocked.Increment(ref _forwarded);
            }
            catch (SocketException)
            {
                // As a network does, it loses what cannot be delivered.
            }
        }
    }

    private sealed class Direction
    {
        public Queue<(long Due, byte[] Packet)> Waiting { get; } = new();

        public long BusyUntil { get; set; }

        public long Due => Waiting.TryPeek(out (long Due, byte[] Packet) first) ? first.Due : long.MaxValue;
    }
}
