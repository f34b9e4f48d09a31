using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Net.Worker.Overlay;

namespace Net.Worker.Tests.Units;

/// <summary>What streams and connections are kept in.</summary>
public sealed class StreamTests
{
    [Fact]
    public void Packets_come_whole_and_in_order_however_the_stream_is_cut()
    {
        var random = new Random(31);
        for (int round = 0; round < 200; round++)
        {
            byte[][] packets = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Bytes(random, random.Next(2_000)))];
            byte[] stream = [.. packets.SelectMany(packet => new byte[] { (byte)(packet.Length >> 8), (byte)packet.Length }.Concat(packet))];
            var reader = new PacketStreamReader();
            var received = new List<byte[]>();

            for (int offset = 0; offset < stream.Length;)
            {
                int count = Math.Min(random.Next(1, 3_000), stream.Length - offset);
                reader.Append(stream.AsSpan(offset, count));
                offset += count;
                while (reader.TryRead(out ReadOnlySpan<byte> packet))
                {
                    received.Add(packet.ToArray());
                }
            }

            Assert.Equal(packets, received);
        }
    }

    [Fact]
    public void Any_bytes_are_packets_of_the_lengths_they_name()
    {
        var random = new Random(32);
        for (int round = 0; round < 500; round++)
        {
            byte[] data = Bytes(random, random.Next(5_000));
            var reader = new PacketStreamReader();
            int taken = 0;

            reader.Append(data);
            while (reader.TryRead(out ReadOnlySpan<byte> packet))
            {
                Assert.Equal(BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(taken)), packet.Length);
                taken += 2 + packet.Length;
            }

            Assert.True(taken <= data.Length);
        }
    }

    [Fact]
    public void What_waits_on_a_stream_leaves_in_order_and_is_counted_until_acknowledged()
    {
        var stream = new StreamState(4);
        stream.Enqueue([1, 2, 3], isFinal: false);
        stream.Enqueue([], isFinal: true);

        Assert.Equal(3, stream.PendingBytes);
        Assert.Equal([1, 2, 3], stream.Peek(out bool isFinal).ToArray());
        Assert.False(isFinal);
        stream.Consume(2, isWhole: false);
        Assert.Equal([3], stream.Peek(out _).ToArray());
        stream.Consume(1, isWhole: true);
        Assert.Equal((0L, 3L), (stream.PendingBytes, stream.UnacknowledgedBytes));
        Assert.True(stream.HasPending);
        Assert.Equal(0, stream.Peek(out isFinal).Length);
        Assert.True(isFinal);
        stream.Consume(0, isWhole: true);
        Assert.False(stream.HasPending);
    }

    [Fact]
    public void A_connection_is_found_by_every_id_made_for_it_and_by_no_other()
    {
        var table = new ConnectionTable(shard: 3);
        var connections = new PeerConnection[200];
        for (int index = 0; index < connections.Length; index++)
        {
            // The table only keeps them; nothing of a connection is touched.
            connections[index] = (PeerConnection)RuntimeHelpers.GetUninitializedObject(typeof(PeerConnection));
            Assert.Equal(index, table.Add(connections[index]));
        }

        for (int index = 0; index < connections.Length; index++)
        {
            Assert.Same(connections[index], table.Find(table.NewId(index)));
        }

        ulong id = table.NewId(7);
        Assert.Null(table.Find(id ^ (1UL << 56)));
        Assert.Null(table.Find(id ^ (1UL << 16)));
        Assert.Null(table.Find(id | (0xffUL << 40)));
        Assert.Equal((200, 200), (table.Count, table.End));
    }

    [Fact]
    public void A_place_that_was_freed_answers_no_id_of_its_former_connection()
    {
        var table = new ConnectionTable(shard: 0);
        var first = (PeerConnection)RuntimeHelpers.GetUninitializedObject(typeof(PeerConnection));
        int place = table.Add(first);
        ulong[] old = [.. Enumerable.Range(0, 10).Select(_ => table.NewId(place))];

        table.Remove(place);

        Assert.All(old, id => Assert.Null(table.Find(id)));
        Assert.Equal(0, table.Count);
        Assert.Null(table.At(place));
        Assert.Equal(place, table.Add((PeerConnection)RuntimeHelpers.GetUninitializedObject(typeof(PeerConnection))));
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
