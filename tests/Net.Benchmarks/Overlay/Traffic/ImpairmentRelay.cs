using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>A bad link: takes datagrams of one client, loses some at random, lets the rest through no faster than a rate and after a delay, both ways.
/// A process of this program in a namespace, so that the lab needs nothing of the kernel for it.</summary>
internal sealed class ImpairmentRelay
{
    /// <summary>The hidden first argument that makes this program the relay: listen port, target address, target port, bits a second,
    /// delay one way in milliseconds, queue in bytes, datagrams lost of a million, seconds it runs.</summary>
    public const string Mode = "udp-relay";

    private const string Ready = "ready";
    private const int Slots = 16_384;
    private const int LargestDatagram = 2048;

    // Of the datagram outside: IPv4 and UDP.
    private const int HeaderBytes = 28;
    private const int Burst = 64;
    private const int SocketBuffer = 8 << 20;
    private const int ShortestWaitMicroseconds = 100;

    private readonly Queue[] _queues;
    private readonly Random _random = new(20260101);
    private readonly double _bitsPerSecond;
    private readonly long _delay;
    private readonly double _queueBytes;
    private readonly int _lostOfAMillion;

    private ImpairmentRelay(double bitsPerSecond, double delayMilliseconds, double queueBytes, int lostOfAMillion)
    {
        _bitsPerSecond = bitsPerSecond;
        _delay = (long)(delayMilliseconds * Stopwatch.Frequency / 1000);
        _queueBytes = queueBytes;
        _lostOfAMillion = lostOfAMillion;
        _queues = [new Queue(), new Queue()];
    }

    /// <summary>Starts one in front of a port of the right end.</summary>
    public static async Task<LabProcess> StartAsync(LabNode node, int listen, string target, int targetPort, ImpairedLink link, TimeSpan longest, CancellationToken cancellationToken)
    {
        string[] words = [.. ((IEnumerable<IFormattable>)[link.BitsPerSecond, link.Delay.TotalMilliseconds, link.QueueBytes, link.LostOfAMillion, Math.Ceiling(longest.TotalSeconds)])
            .Select(value => value.ToString(null, CultureInfo.InvariantCulture))];
        LabProcess relay = TunnelLab.StartSelf(
            node, longest, [Mode, listen.ToString(CultureInfo.InvariantCulture), target, targetPort.ToString(CultureInfo.InvariantCulture), .. words]);
        await relay.WaitForLineAsync(Ready, TimeSpan.FromSeconds(10), cancellationToken);
        return relay;
    }

    /// <summary>The relay itself.</summary>
    public static int Run(string[] words)
    {
        double Value(int index) => double.Parse(words[index], CultureInfo.InvariantCulture);
        var relay = new ImpairmentRelay(Value(3), Value(4), Value(5), (int)Value(6));
        using Socket outside = Make();
        using Socket inside = Make();
        outside.Bind(new IPEndPoint(IPAddress.Any, (int)Value(0)));
        inside.Connect(IPAddress.Parse(words[1]), (int)Value(2));
        Console.WriteLine(Ready);
        relay.Forward(outside, inside, TimeSpan.FromSeconds(Value(7)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"there {relay._queues[0].Passed} passed {relay._queues[0].Lost} lost {relay._queues[0].Overflowed} overflowed, back {relay._queues[1].Passed} passed {relay._queues[1].Lost} lost {relay._queues[1].Overflowed} overflowed"));
        return 0;
    }

    private static Socket Make() => new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
    {
        Blocking = false,
        SendBufferSize = SocketBuffer,
        ReceiveBufferSize = SocketBuffer,
    };

    private void Forward(Socket outside, Socket inside, TimeSpan longest)
    {
        long start = Stopwatch.GetTimestamp();
        SocketAddress client = new(AddressFamily.InterNetwork);
        SocketAddress from = new(AddressFamily.InterNetwork);
        byte[] buffer = new byte[65536];
        List<Socket> ready = new(2);
        bool hasClient = false;
        while (Stopwatch.GetElapsedTime(start) < longest)
        {
            bool worked = false;
            for (int count = 0; count < Burst && TryReceive(outside, buffer, from, out int length); count++)
            {
                worked = true;
                if (!hasClient || !from.Equals(client))
                {
                    from.Buffer.CopyTo(client.Buffer);
                    client.Size = from.Size;
                    hasClient = true;
                }

                Take(_queues[0], buffer.AsSpan(0, length));
            }

            for (int count = 0; count < Burst && TryReceive(inside, buffer, null, out int length); count++)
            {
                worked = true;
                Take(_queues[1], buffer.AsSpan(0, length));
            }

            worked |= Give(_queues[0], inside, null);
            worked |= hasClient && Give(_queues[1], outside, client);
            if (!worked)
            {
                ready.Clear();
                ready.Add(outside);
                ready.Add(inside);
                Socket.Select(ready, null, null, ShortestWaitMicroseconds);
            }
        }
    }

    private static bool TryReceive(Socket socket, byte[] buffer, SocketAddress? from, out int length)
    {
        length = 0;
        if (socket.Available == 0)
        {
            return false;
        }

        try
        {
            length = from is null ? socket.Receive(buffer, SocketFlags.None) : socket.ReceiveFrom(buffer, SocketFlags.None, from);
            return length > 0 && length <= LargestDatagram;
        }
        catch (SocketException)
        {
            // Nobody listens at the other end just now.
            return false;
        }
    }

    private void Take(Queue queue, ReadOnlySpan<byte> datagram)
    {
        if (_random.Next(1_000_000) < _lostOfAMillion)
        {
            queue.Lost++;
            return;
        }

        long now = Stopwatch.GetTimestamp();
        long begins = Math.Max(queue.FreeAt, now);
        double waitingBytes = (begins - now) / (double)Stopwatch.Frequency * _bitsPerSecond / 8;
        if (waitingBytes > _queueBytes || queue.Count == Slots)
        {
            queue.Overflowed++;
            return;
        }

        queue.FreeAt = begins + (long)((datagram.Length + HeaderBytes) * 8 / _bitsPerSecond * Stopwatch.Frequency);
        queue.Add(datagram, queue.FreeAt + _delay);
        queue.Passed++;
    }

    private static bool Give(Queue queue, Socket socket, SocketAddress? to)
    {
        bool worked = false;
        while (queue.TryTake(Stopwatch.GetTimestamp(), out ReadOnlySpan<byte> datagram))
        {
            worked = true;
            try
            {
                if (to is null)
                {
                    socket.Send(datagram, SocketFlags.None);
                }
                else
                {
                    socket.SendTo(datagram, SocketFlags.None, to);
                }
            }
            catch (SocketException)
            {
                // Refused or full: lost, as on a real link.
            }
        }

        return worked;
    }

    private sealed class Queue
    {
        private readonly byte[] _data = new byte[Slots * LargestDatagram];
        private readonly int[] _lengths = new int[Slots];
        private readonly long[] _due = new long[Slots];
        private int _head;

        public int Count { get; private set; }

        public long FreeAt { get; set; }

        public long Passed { get; set; }

        public long Lost { get; set; }

        public long Overflowed { get; set; }

        public void Add(ReadOnlySpan<byte> datagram, long due)
        {
            int slot = (_head + Count++) % Slots;
            datagram.CopyTo(_data.AsSpan(slot * LargestDatagram, LargestDatagram));
            _lengths[slot] = datagram.Length;
            _due[slot] = due;
        }

        public bool TryTake(long now, out ReadOnlySpan<byte> datagram)
        {
            datagram = default;
            if (Count == 0 || _due[_head] > now)
            {
                return false;
            }

            datagram = _data.AsSpan(_head * LargestDatagram, _lengths[_head]);
            _head = (_head + 1) % Slots;
            Count--;
            return true;
        }
    }
}

/// <summary>How bad a link is, each way.</summary>
/// <param name="BitsPerSecond">Its rate.</param>
/// <param name="Delay">Its delay.</param>
/// <param name="QueueBytes">What waits in front of it at most.</param>
/// <param name="LostOfAMillion">What it loses at random.</param>
internal sealed record ImpairedLink(double BitsPerSecond, TimeSpan Delay, double QueueBytes, int LostOfAMillion);
