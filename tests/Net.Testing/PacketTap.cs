using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Net.Testing;

/// <summary>A raw packet socket on one interface (packet(7)): sees and sends whole frames. It belongs to the network namespace of the thread that made it.</summary>
public sealed class PacketTap : IDisposable
{
    // packet(7): all protocols; struct sockaddr_ll is 20 bytes.
    private const int AllProtocols = 3;
    private const int AddressBytes = 20;
    private const int PacketOutgoing = 4;
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[70_000];
    private readonly bool _hasVirtioHeader;

    /// <summary>Opens it.</summary>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="hasVirtioHeader">Whether frames carry struct virtio_net_hdr (10 bytes) in front.</param>
    public PacketTap(int interfaceIndex, bool hasVirtioHeader = false)
    {
        _hasVirtioHeader = hasVirtioHeader;
        _socket = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)BinaryPrimitives.ReverseEndianness((ushort)AllProtocols));
        if (hasVirtioHeader)
        {
            _socket.SetRawSocketOption(263, 15, BitConverter.GetBytes(1));
        }

        _socket.ReceiveBufferSize = 8 << 20;
        _socket.ReceiveTimeout = 2000;
        _socket.Bind(new LinkEndPoint(interfaceIndex));
    }

    /// <summary>Sends a frame.</summary>
    /// <param name="frame">The frame, with its virtio header if the tap has them.</param>
    public void Send(ReadOnlySpan<byte> frame) => _socket.Send(frame);

    /// <summary>Waits for a frame that came in, and that a test accepts.</summary>
    /// <param name="accept">The test; null for any.</param>
    /// <returns>The frame; null when none came within two seconds.</returns>
    public byte[]? Receive(Func<byte[], bool>? accept = null)
    {
        long end = Environment.TickCount64 + 2000;
        while (Environment.TickCount64 < end)
        {
            SocketAddress from = new(AddressFamily.Packet, AddressBytes + 108);
            int length;
            try
            {
                length = _socket.ReceiveFrom(_buffer, SocketFlags.None, from);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                return null;
            }

            byte[] frame = _buffer[..length];
            if (from[10] != PacketOutgoing && (accept is null || accept(_hasVirtioHeader ? frame[10..] : frame)))
            {
                return frame;
            }
        }

        return null;
    }

    /// <summary>All frames that wait now and that a test accepts.</summary>
    /// <param name="accept">The test.</param>
    /// <returns>The frames.</returns>
    public List<byte[]> Drain(Func<byte[], bool> accept)
    {
        var frames = new List<byte[]>();
        while (_socket.Poll(0, SelectMode.SelectRead))
        {
            int length = _socket.Receive(_buffer);
            byte[] frame = _buffer[..length];
            if (accept(frame))
            {
                frames.Add(frame);
            }
        }

        return frames;
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();

    private sealed class LinkEndPoint(int interfaceIndex) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, AddressBytes);
            Span<byte> bytes = address.Buffer.Span;
            bytes[2] = 0;
            bytes[3] = AllProtocols;
            MemoryMarshal.Write(bytes[4..], interfaceIndex);
            return address;
        }
    }
}
