using System.Net.Sockets;
using System.Runtime.InteropServices;
using Net.Platform.Linux;

namespace Net.Worker.Tests.Support;

/// <summary>A host without a kernel: pairs of datagram sockets of which the worker takes one end each for the queues of its TUN device. What the test sends here is what the host
/// sends into the overlay.</summary>
internal sealed class HostTunnel : IDisposable
{
    private const int VnetHeaderBytes = 10;
    private static int s_count;

    private readonly Socket[] _host;
    private readonly Socket[] _device;
    private readonly Poller _poller;
    private readonly byte[] _buffer = new byte[1 << 17];

    public HostTunnel(int queues)
    {
        _host = new Socket[queues];
        _device = new Socket[queues];
        _poller = new Poller(queues);
        for (int queue = 0; queue < queues; queue++)
        {
            string name = $"\0netmod-tunnel-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
            var hostName = new UnixDomainSocketEndPoint(name + "h");
            var deviceName = new UnixDomainSocketEndPoint(name + "d");
            _host[queue] = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            _device[queue] = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            _host[queue].Bind(hostName);
            _device[queue].Bind(deviceName);

            // Connected to each other, they are bounded by bytes and not by the handful of datagrams that strangers may leave.
            _host[queue].Connect(deviceName);
            _device[queue].Connect(hostName);
            _device[queue].Blocking = false;
            _host[queue].SendBufferSize = 1 << 20;
            _device[queue].SendBufferSize = 1 << 20;
            _poller.Set(queue, _host[queue].SafeHandle, wantRead: true);
        }
    }

    /// <summary>The worker's ends.</summary>
    public SafeHandle[] Devices => [.. _device.Select(socket => socket.SafeHandle)];

    /// <summary>Sends by the queue that a flow always takes, as a kernel does that has not seen an answer yet.</summary>
    public void Send(ReadOnlySpan<byte> packet) => Send(packet, QueueOf(packet));

    public void Send(ReadOnlySpan<byte> packet, int queue)
    {
        _buffer.AsSpan(0, VnetHeaderBytes).Clear();
        packet.CopyTo(_buffer.AsSpan(VnetHeaderBytes));
        _host[queue].Send(_buffer.AsSpan(0, VnetHeaderBytes + packet.Length));
    }

    /// <summary>The next packet the host receives.</summary>
    public byte[] Receive() => TryReceive(Bounds.Wait) ?? throw new TimeoutException("no packet came out of the overlay");

    public byte[]? TryReceive(TimeSpan patience)
    {
        int length = ReceiveInto(_buffer, patience);
        return length < 0 ? null : _buffer.AsSpan(VnetHeaderBytes, length - VnetHeaderBytes).ToArray();
    }

    /// <summary>Receives without allocating; what comes begins with the offload header.</summary>
    /// <returns>Bytes, or -1 when nothing came in time.</returns>
    public int ReceiveInto(Span<byte> buffer, TimeSpan patience)
    {
        _poller.Wait((long)patience.TotalNanoseconds);
        for (int queue = 0; queue < _host.Length; queue++)
        {
            if (_poller.IsReadable(queue))
            {
                return _host[queue].Receive(buffer);
            }
        }

        return -1;
    }

    /// <summary>The device is deleted under the worker.</summary>
    public void Delete() => Array.ForEach(_host, socket => socket.Dispose());

    public void Dispose()
    {
        Array.ForEach(_host, socket => socket.Dispose());
        Array.ForEach(_device, socket => socket.Dispose());
    }

    // By addresses and ports.
    private int QueueOf(ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> flow = packet.IsEmpty || (packet[0] >> 4) == 4 ? packet[Math.Min(12, packet.Length)..Math.Min(24, packet.Length)] : packet[Math.Min(8, packet.Length)..Math.Min(44, packet.Length)];
        uint hash = 2_166_136_261;
        foreach (byte one in flow)
        {
            hash = unchecked((hash ^ one) * 16_777_619);
        }

        return (int)(hash % (uint)_host.Length);
    }
}
