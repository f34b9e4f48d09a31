using System.Buffers.Binary;
using Net.Packets;

namespace Net.Relay.Tests;

/// <summary>Payloads with sequence numbers.</summary>
internal static class Payloads
{
    public static byte[] Rtp(int sequence, uint ssrc = 0xDEADBEEF, int bytes = 40)
    {
        byte[] payload = new byte[bytes];
        payload[0] = 0x80;
        payload[1] = 33;
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(4), sequence * 90);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(8), ssrc);
        return payload;
    }

    public static byte[] TransportStream(params (int Pid, int Counter, byte Control)[] packets)
    {
        byte[] payload = new byte[188 * packets.Length];
        for (int index = 0; index < packets.Length; index++)
        {
            Span<byte> packet = payload.AsSpan(index * 188);
            packet[0] = 0x47;
            packet[1] = (byte)(packets[index].Pid >> 8);
            packet[2] = (byte)packets[index].Pid;
            packet[3] = (byte)((packets[index].Control & 0x30) | (packets[index].Counter & 15));

            // The lowest bit of the control stands for the discontinuity indicator here.
            packet[4] = (packets[index].Control & 0x20) != 0 ? (byte)1 : (byte)0;
            packet[5] = (packets[index].Control & 1) != 0 ? (byte)0x80 : (byte)0;
        }

        return payload;
    }

    public static byte[] Generator(uint stream, ulong sequence)
    {
        byte[] payload = new byte[64];
        new TrafficHeader(stream, sequence, 1).Write(payload, TrafficHeader.HashBody(payload));
        return payload;
    }

    public static byte[] Plain(int number, int bytes = 64)
    {
        byte[] payload = new byte[bytes];
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), number);
        return payload;
    }
}
