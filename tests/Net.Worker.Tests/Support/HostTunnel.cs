using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Net.Worker.Tests.Support;

/// <summary>A host without a kernel: a pair of datagram sockets of which the worker takes one end for its TUN device. What the test sends here is what the host
/// sends into the overlay.</summary>
internal sealed class HostTunnel : IDisposable
{
    private const int VnetHeaderBytes = 10;
    private static int s_count;

    private readonly Socket _host;
    private readonly Socket _device;
    private readonly byte[] _buffer = new byte[1 << 17];

    public HostTunnel()
    {
        string name = $"\0netmod-tunnel-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        var hostName = new UnixDomainSocketEndPoint(name + "h");
        var deviceName = new UnixDomainSocketEndPoint(name + "d");
        _host = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        _device = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        _host.Bind(hostName);
        _device.Bind(deviceName);

        // Connected to each other, they are bounded by bytes and not by the handful of datagrams that strangers may leave.
        _host.Connect(deviceName);
        _device.Connect(hostName);
        _device.Blocking = false;
        _host.SendBufferSize = 1 << 20;
        _device.SendBufferSize = 1 << 20;
    }

    /// <summary>The worker's end.</summary>
    public SafeHandle Device => _device.SafeHandle;

    public void Send(ReadOnlySpan<byte> packet)
    {
        _buffer.AsSpan(0, VnetHeaderBytes).Clear();
        packet.CopyTo(_buffer.AsSpan(VnetHeaderBytes));
        _host.Send(_buffer.AsSpan(0, VnetHeaderBytes + packet.Length));
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
    public int ReceiveInto(Span<byte> buffer, TimeSpan patience) =>
        _host.Poll(patience, SelectMode.SelectRead) ? _host.Receive(buffer) : -1;

    /// <summary>The device is deleted under the worker.</summary>
    public void Delete() => _host.Dispose();

    public void Dispose()
    {
        _host.Dispose();
        _device.Dispose();
    }
}
