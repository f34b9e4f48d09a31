using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Net.Packets.Tests.Segmentation;

/// <summary>Keeps what is written.</summary>
internal sealed class ListWriter : ITunnelWriter
{
    public List<byte[]> Written { get; } = [];

    public bool Write(ReadOnlySpan<byte> packetWithVnetHeader)
    {
        Written.Add(packetWithVnetHeader.ToArray());
        return true;
    }
}

/// <summary>Reads as the kernel makes them, and what comes out of them.</summary>
internal static class SegmentationTools
{
    /// <summary>A virtio_net_hdr (linux/virtio_net.h) in front of a packet.</summary>
    public static byte[] WithHeader(byte[] packet, byte flags = 0, byte kind = 0, int headBytes = 0, int payloadBytes = 0, int start = 0, int offset = 0)
    {
        byte[] read = [flags, kind, 0, 0, 0, 0, 0, 0, 0, 0, .. packet];
        MemoryMarshal.Write(read.AsSpan(2), (ushort)headBytes);
        MemoryMarshal.Write(read.AsSpan(4), (ushort)payloadBytes);
        MemoryMarshal.Write(read.AsSpan(6), (ushort)start);
        MemoryMarshal.Write(read.AsSpan(8), (ushort)offset);
        return read;
    }

    /// <summary>One read that is still to be segmented; its transport checksum is the sum of the pseudo header, as the kernel leaves it.</summary>
    public static byte[] Unsegmented(PacketBuilder builder, int payloadBytes)
    {
        byte[] packet = builder.Build();
        int network = builder.IsIPv6 ? 40 : 20;
        int offset = builder.Protocol == 6 ? 16 : 6;
        byte kind = builder.Protocol == 17 ? (byte)5 : builder.IsIPv6 ? (byte)4 : (byte)1;
        byte[] pseudo = [.. builder.IsIPv6 ? packet[8..40] : packet[12..20], 0, builder.Protocol, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(pseudo.AsSpan(pseudo.Length - 2), (ushort)(packet.Length - network));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(network + offset), (ushort)~InternetChecksum.Compute(pseudo));
        return WithHeader(packet, flags: 1, kind, headBytes: 0, payloadBytes, network, offset);
    }

    /// <summary>What the segmenter makes of a read; null when it refuses.</summary>
    public static List<byte[]>? Segment(byte[] read)
    {
        var segmenter = default(PacketSegmenter);
        if (!segmenter.Begin(read.AsSpan().ToArray()))
        {
            return null;
        }

        List<byte[]> packets = [];
        for (; segmenter.TryPeek(out ReadOnlySpan<byte> head, out ReadOnlySpan<byte> body); segmenter.Advance())
        {
            Assert.True(segmenter.TryPeek(out ReadOnlySpan<byte> whole));
            Assert.True(whole.Length <= segmenter.SegmentBytes);
            Assert.True(whole.SequenceEqual((byte[])[.. head, .. body]));
            packets.Add(whole.ToArray());
        }

        Assert.Equal(segmenter.Count, packets.Count);
        return packets;
    }

    /// <summary>The packets of a large one by the definition: each built by itself.</summary>
    public static List<byte[]> SegmentPlainly(PacketBuilder whole, int payloadBytes)
    {
        List<byte[]> packets = [];
        for (int at = 0; at < whole.Payload.Length; at += payloadBytes)
        {
            byte[] payload = whole.Payload[at..Math.Min(at + payloadBytes, whole.Payload.Length)];
            bool isFirst = at == 0;
            bool isLast = at + payload.Length == whole.Payload.Length;
            packets.Add((whole with
            {
                Payload = payload,
                Identification = (ushort)(whole.Identification + packets.Count),
                Sequence = whole.Sequence + (uint)at,
                Flags = (byte)(whole.Flags & (isLast ? 0xff : ~0x09) & (isFirst ? 0xff : ~0x80)),
            }).Build());
        }

        return packets;
    }

    /// <summary>Fails when packets differ; without comparing every byte as an object, as the framework does.</summary>
    public static void AssertSame(IEnumerable<byte[]> expected, IEnumerable<byte[]>? actual)
    {
        List<byte[]> left = [.. expected];
        List<byte[]> right = [.. actual ?? []];
        for (int i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (!left[i].AsSpan().SequenceEqual(right[i]))
            {
                Assert.Fail($"packet {i} differs:\n{Convert.ToHexString(left[i])}\n{Convert.ToHexString(right[i])}");
            }
        }

        Assert.Equal(left.Count, right.Count);
    }

    public static byte[] RandomBytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
