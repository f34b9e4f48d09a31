using System.Buffers.Binary;
using System.Net;
using Net.Packets;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Platform.Tests;

namespace Net.Worker.Tests.Relay;

/// <summary>Sends frames byte for byte, and makes some.</summary>
internal sealed class FrameSender : IDisposable
{
    private readonly PacketSender _sender;
    private readonly NativeBuffer _buffer = new(1 << 18);

    public FrameSender(TestNamespace where, string link)
    {
        int index = RelayRig.IndexOf(where, link);
        _sender = new PacketSender(where.In(() => PacketSender.Open(index)));
    }

    /// <summary>Sends frames with one system call.</summary>
    public void Send(params byte[][] frames)
    {
        int at = 0;
        foreach (byte[] frame in frames)
        {
            if (!_sender.HasRoom(1) || at + frame.Length > _buffer.Length)
            {
                Flush();
                at = 0;
            }

            frame.CopyTo(_buffer.Span[at..]);
            _ = _sender.Begin(0);
            _sender.AddPayload(PacketMemory.Of(_buffer).Slice(at, frame.Length));
            _sender.End(0, 1, frame.Length);
            at += frame.Length;
        }

        Flush();
    }

    /// <summary>A UDP frame to the rig's group with complete checksums.</summary>
    public static byte[] Udp(ushort port, byte[] payload, byte ttl = 16, string source = "10.9.0.1", ushort sourcePort = 40_000, string destination = RelayRig.Group, byte trafficClass = 0)
    {
        byte[] frame = Ip(17, 8 + payload.Length, ttl, source, destination, trafficClass);
        Span<byte> udp = frame.AsSpan(34);
        BinaryPrimitives.WriteUInt16BigEndian(udp, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(8 + payload.Length));
        payload.CopyTo(udp[8..]);
        PacketChecksum.WriteNonZero(udp[6..], PacketChecksum.Sum(udp, PacketChecksum.PseudoHeader(frame.AsSpan(26, 8), 17, udp.Length)));
        return frame;
    }

    /// <summary>An IPv4 frame without its transport.</summary>
    public static byte[] Ip(byte protocol, int bytes, byte ttl = 16, string source = "10.9.0.1", string destination = RelayRig.Group, byte trafficClass = 0)
    {
        byte[] frame = new byte[34 + bytes];
        byte[] group = IPAddress.Parse(destination).GetAddressBytes();
        ((byte[])[0x01, 0x00, 0x5E, (byte)(group[1] & 0x7F), group[2], group[3], 0x02, 0, 0, 0, 0, 0x01, 0x08, 0x00]).CopyTo(frame, 0);
        Span<byte> ip = frame.AsSpan(14, 20);
        ip[0] = 0x45;
        ip[1] = trafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(20 + bytes));
        ip[6] = 0x40;
        ip[8] = ttl;
        ip[9] = protocol;
        IPAddress.Parse(source).GetAddressBytes().CopyTo(ip[12..]);
        group.CopyTo(ip[16..]);
        PacketChecksum.Write(ip[10..], PacketChecksum.Sum(ip));
        return frame;
    }

    public void Dispose()
    {
        _sender.Dispose();
        _buffer.Dispose();
    }

    private void Flush() => Assert.Equal(0, _sender.Flush().Length);
}
