using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>UDP through a tunnel: a sender and a counter, each a process of this program in its namespace. The sender does nothing but send on a connected
/// socket, one call a datagram; or, as applications do that have much to send, one call for many equal ones (UDP_SEGMENT).</summary>
internal static class UdpLoad
{
    /// <summary>The hidden first argument that makes this program the sender: address, port, bytes, seconds, datagrams a call, packets a second.</summary>
    public const string SendMode = "udp-send";

    /// <summary>The hidden first argument that makes this program the counter: address, port, seconds, and whether it takes joined datagrams.</summary>
    public const string CountMode = "udp-count";

    private const string Ready = "ready";
    private const int Port = 5300;

    // linux/udp.h
    private const int SolUdp = 17;
    private const int UdpSegment = 103;
    private const int UdpGro = 104;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <summary>Sends from the left as fast as it goes and tells what arrived at the right.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="address">The right end.</param>
    /// <param name="bytes">Payload of a datagram.</param>
    /// <param name="perCall">Datagrams of one call, 1 for calls of their own.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="rate">Datagrams a second; 0 for as many as can be.</param>
    public static async Task<UdpCount> RunAsync(TunnelLab lab, string address, int bytes, int perCall, int seconds, CancellationToken cancellationToken, int rate = 0)
    {
        TimeSpan longest = TimeSpan.FromSeconds(seconds) + Grace;
        await using LabProcess counter = TunnelLab.StartSelf(lab.Right, longest, CountMode, address, Number(Port), Number(seconds), perCall > 1 ? "joined" : "single");
        await counter.WaitForLineAsync(Ready, TimeSpan.FromSeconds(10), cancellationToken);

        // A little longer than is counted: the count ends in full flow.
        await using LabProcess sender = TunnelLab.StartSelf(
            lab.Left, longest, SendMode, address, Number(Port), Number(bytes), Number(seconds + 1), Number(perCall), Number(rate));
        string line = await counter.WaitForLineAsync(text => text.StartsWith("counted ", StringComparison.Ordinal), longest, cancellationToken);
        string[] words = line.Split(' ');
        return new UdpCount(Parse(words[1]) / Parse(words[3]), Parse(words[2]) * 8 / Parse(words[3]));
    }

    /// <summary>The sender.</summary>
    public static int Send(string[] words)
    {
        int bytes = int.Parse(words[2], CultureInfo.InvariantCulture);
        TimeSpan length = TimeSpan.FromSeconds(int.Parse(words[3], CultureInfo.InvariantCulture));
        int perCall = int.Parse(words[4], CultureInfo.InvariantCulture);
        int rate = int.Parse(words[5], CultureInfo.InvariantCulture);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { SendBufferSize = 4 << 20 };
        if (perCall > 1)
        {
            byte[] size = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(size, bytes);
            socket.SetRawSocketOption(SolUdp, UdpSegment, size);
        }

        socket.Connect(IPAddress.Parse(words[0]), int.Parse(words[1], CultureInfo.InvariantCulture));
        byte[] data = new byte[bytes * perCall];
        long start = Stopwatch.GetTimestamp();
        long sent = 0;
        TimeSpan elapsed;
        while ((elapsed = Stopwatch.GetElapsedTime(start)) < length)
        {
            if (rate > 0 && sent >= elapsed.TotalSeconds * rate)
            {
                Thread.Sleep(1);
                continue;
            }

            // The clock costs a part of a send; one look for several is enough.
            for (int call = 0; call < 32 && (rate == 0 || sent < elapsed.TotalSeconds * rate); call++)
            {
                // Refusals of full queues are what saturation is.
                socket.Send(data, SocketFlags.None, out _);
                sent += perCall;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sent {sent} {elapsed.TotalSeconds}"));
        return 0;
    }

    /// <summary>The counter.</summary>
    public static int Count(string[] words)
    {
        TimeSpan length = TimeSpan.FromSeconds(int.Parse(words[2], CultureInfo.InvariantCulture));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        if (words[3] == "joined")
        {
            byte[] on = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(on, 1);
            socket.SetRawSocketOption(SolUdp, UdpGro, on);
        }

        socket.Bind(new IPEndPoint(IPAddress.Parse(words[0]), int.Parse(words[1], CultureInfo.InvariantCulture)));
        socket.ReceiveTimeout = (int)Grace.TotalMilliseconds;
        byte[] buffer = new byte[65536];
        Console.WriteLine(Ready);

        // The first datagrams start the clock: what comes before is the sender's own start.
        if (socket.Receive(buffer, SocketFlags.None, out SocketError error) == 0 && error != SocketError.Success)
        {
            Console.WriteLine("counted 0 0 1");
            return 0;
        }

        long start = Stopwatch.GetTimestamp();
        long datagrams = 0;
        long bytes = 0;
        socket.ReceiveTimeout = 500;
        TimeSpan elapsed = TimeSpan.Zero;
        for (int turn = 0; (turn & 31) != 0 || (elapsed = Stopwatch.GetElapsedTime(start)) < length; turn++)
        {
            int received = socket.Receive(buffer, SocketFlags.None, out error);
            if (error == SocketError.Success)
            {
                datagrams++;
                bytes += received;
            }
            else
            {
                // Nothing came for a while: look at the clock, or this would wait for ever.
                turn |= 31;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"counted {datagrams} {bytes} {elapsed.TotalSeconds}"));
        return 0;
    }

    private static double Parse(string number) => double.Parse(number, CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What arrived.</summary>
/// <param name="PerSecond">Datagrams a second, joined ones counted as one.</param>
/// <param name="BitsPerSecond">Bits of payload a second.</param>
internal readonly record struct UdpCount(double PerSecond, double BitsPerSecond);
