using System.Buffers.Binary;
using Net.Overlay.Queues;
using Net.Packets;
using Net.Testing;

namespace Net.Overlay.Tests.Queues;

public sealed class FlowQueueTests
{
    private const long Millisecond = 1_000_000;

    [Fact]
    public void Packets_of_a_flow_keep_their_order()
    {
        FlowQueue queue = Queue();
        for (byte number = 0; number < 10; number++)
        {
            Assert.True(queue.Enqueue(Packet(number, 100), 1, 0));
        }

        Assert.Equal((10, 1000), (queue.Count, queue.Bytes));
        Assert.Equal(Enumerable.Range(0, 10), Drain(queue, 0));
        Assert.Equal((0, 0, true), (queue.Count, queue.Bytes, queue.IsEmpty));
    }

    [Fact]
    public void A_thin_flow_does_not_wait_behind_a_thick_one()
    {
        FlowQueue queue = Queue();
        for (int count = 0; count < 100; count++)
        {
            queue.Enqueue(Packet(1, 1400), 1, 0);
        }

        Take(queue, 0);
        queue.Enqueue(Packet(2, 100), 2, 0);

        Assert.Contains(2, new[] { Take(queue, 0), Take(queue, 0) });
    }

    [Fact]
    public void A_burst_is_not_torn_apart_by_other_flows()
    {
        FlowQueue queue = Queue();
        for (int burst = 0; burst < 2; burst++)
        {
            for (int count = 0; count < 20; count++)
            {
                queue.Enqueue(Packet(1, 1400), 1, 0, isLast: count == 19);
                queue.Enqueue(Packet(2, 1400), 2, 0, isLast: count == 19);
            }
        }

        int[] order = [.. Drain(queue, 0)];

        Assert.Equal(80, order.Length);
        Assert.All(order.Chunk(20), part => Assert.Single(part.Distinct()));
        Assert.Equal([1, 2, 1, 2], order.Chunk(20).Select(part => part[0]));
    }

    [Fact]
    public void The_queue_tells_whether_a_burst_is_under_way()
    {
        FlowQueue queue = Queue();
        queue.Enqueue(Packet(1, 1400), 1, 0, isLast: false);
        queue.Enqueue(Packet(1, 1400), 1, 0);

        Assert.False(queue.IsInBurst);
        Take(queue, 0);
        Assert.True(queue.IsInBurst);
        Take(queue, 0);
        Assert.False(queue.IsInBurst);
    }

    [Fact]
    public void A_burst_whose_rest_was_dropped_holds_up_nobody()
    {
        FlowQueue queue = Queue();
        queue.Enqueue(Packet(1, 1400), 1, 0, isLast: false);

        Assert.Equal([1], Drain(queue, 0));
        Assert.False(queue.IsInBurst);
        queue.Enqueue(Packet(1, 1400), 1, 0, isLast: false);
        queue.Enqueue(Packet(2, 1400), 2, 0);
        Assert.Equal([1, 2], Drain(queue, 0));
    }

    [Fact]
    public void Thick_flows_share_by_bytes()
    {
        FlowQueue queue = Queue();
        for (int count = 0; count < 200; count++)
        {
            queue.Enqueue(Packet(1, 1400), 1, 0);
            queue.Enqueue(Packet(2, 350), 2, 0);
            queue.Enqueue(Packet(2, 350), 2, 0);
        }

        int first = 0;
        int second = 0;
        for (int count = 0; count < 250; count++)
        {
            if (Take(queue, 0) == 1)
            {
                first += 1400;
            }
            else
            {
                second += 350;
            }
        }

        Assert.InRange((double)first / second, 0.9, 1.1);
    }

    [Fact]
    public void A_packet_put_back_comes_again_first()
    {
        FlowQueue queue = Queue();
        queue.Enqueue(Packet(1, 100), 1, 0);
        queue.Enqueue(Packet(2, 100), 2, 0);

        int taken = Take(queue, 0);
        queue.PutBack();

        Assert.Equal((2, 200), (queue.Count, queue.Bytes));
        queue.Enqueue(Packet(3, 100), 3, 0);
        Assert.Equal(taken, Take(queue, 0));
        Assert.Equal(2, queue.Count);
        queue.PutBack();
        Assert.Throws<InvalidOperationException>(queue.PutBack);
        Assert.Equal(3, queue.Clear());
        Assert.Throws<InvalidOperationException>(queue.PutBack);
    }

    [Fact]
    public void A_standing_queue_loses_packets_and_a_short_burst_does_not()
    {
        FlowQueue burst = Queue();
        for (int count = 0; count < 50; count++)
        {
            burst.Enqueue(Packet(1, 1400), 1, 0);
        }

        Drain(burst, 90 * Millisecond);
        FlowQueue standing = Queue();
        RunStanding(standing, Packet(1, 1400));

        Assert.Equal(0, burst.DelayDrops);
        Assert.InRange(standing.DelayDrops, 5, 200);
        Assert.Equal(0, standing.Marks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_sender_that_understands_marks_is_marked_instead(int ect)
    {
        byte[] packet = Packet(1, 1400);
        packet[1] |= (byte)ect;
        WriteChecksum(packet);
        FlowQueue queue = Queue();

        List<byte[]> marked = RunStanding(queue, packet);

        Assert.Equal(0, queue.DelayDrops);
        Assert.InRange(queue.Marks, 5, 200);
        Assert.Equal(queue.Marks, marked.Count(sent => (sent[1] & 3) == 3));
        Assert.All(marked, sent => Assert.True(InternetChecksum.IsValid(sent.AsSpan(0, 20))));
    }

    [Fact]
    public void An_ipv6_packet_is_marked_in_its_traffic_class()
    {
        byte[] ect = Packets.Udp("fd00::1", 1, "fd00::2", 2);
        ect[1] |= 0x20;
        byte[] plain = Packets.Udp("fd00::1", 1, "fd00::2", 2);

        Assert.True(EcnField.TryMark(ect));
        Assert.Equal(0x30, ect[1] & 0x30);
        Assert.False(EcnField.TryMark(plain));
        Assert.False(EcnField.TryMark(new byte[3]));
        Assert.False(EcnField.TryMark(new byte[40]));
    }

    [Fact]
    public void When_full_the_longest_flow_makes_room()
    {
        FlowQueue queue = Queue(new FlowQueueOptions { LimitBytes = 100_000 });
        queue.Enqueue(Packet(2, 100), 2, 0);
        for (int count = 0; count < 1000; count++)
        {
            Assert.True(queue.Enqueue(Packet(1, 1000), 1, 0));
        }

        Assert.InRange(queue.Bytes, 1, 100_000);
        Assert.True(queue.OverflowDrops > 800);
        Assert.Contains(2, Drain(queue, 0));
    }

    [Fact]
    public void Queues_share_a_pool_and_a_full_pool_refuses()
    {
        var pool = new PacketPool(10, 1500);
        var first = new FlowQueue(pool, new FlowQueueOptions());
        var second = new FlowQueue(pool, new FlowQueueOptions());
        for (int count = 0; count < 10; count++)
        {
            Assert.True(first.Enqueue(Packet(1, 100), 1, 0));
        }

        Assert.False(second.Enqueue(Packet(2, 100), 1, 0));
        Assert.Equal((1, 10), (second.OverflowDrops, pool.Used));
        Assert.Equal(10, first.Clear());
        Assert.Equal(0, pool.Used);
        Assert.True(second.Enqueue(Packet(2, 100), 1, 0));
    }

    [Fact]
    public void A_packet_larger_than_a_slot_is_refused()
    {
        FlowQueue queue = Queue();

        Assert.False(queue.Enqueue(new byte[1501], 1, 0));
        Assert.Equal(1, queue.OversizeDrops);
    }

    [Fact]
    public void Any_order_of_calls_keeps_the_books_right_and_allocates_nothing()
    {
        var random = new Random(9);
        var pool = new PacketPool(200, 1500);
        var queue = new FlowQueue(pool, new FlowQueueOptions { Buckets = 8, LimitBytes = 60_000 });
        byte[] packet = Packet(1, 1500);
        long now = 0;
        long entered = 0;
        long left = 0;
        bool canPutBack = false;
        queue.Enqueue(packet.AsSpan(0, 60), 1, 0);
        entered++;

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int count = 0; count < 200_000; count++)
            {
                now += random.Next(200_000);
                switch (random.Next(5))
                {
                    case 0 or 1:
                        entered += queue.Enqueue(packet.AsSpan(0, random.Next(40, 1500)), (uint)random.Next(20), now) ? 1 : 0;
                        break;
                    case 2 or 3:
                        canPutBack = queue.TryDequeue(now, out _);
                        left += canPutBack ? 1 : 0;
                        break;
                    default:
                        if (canPutBack)
                        {
                            queue.PutBack();
                            canPutBack = false;
                            left--;
                        }

                        break;
                }
            }
        }));
        Assert.Equal(entered, left + queue.Count + queue.DelayDrops + queue.OverflowDrops);
        while (queue.TryDequeue(now, out _))
        {
        }

        Assert.Equal((0, 0, 0), (queue.Count, queue.Bytes, pool.Used));
    }

    [Fact]
    public void Bucket_numbers_are_powers_of_two()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Queue(new FlowQueueOptions { Buckets = 3 }));
    }

    // Twice as much comes as may leave, for two seconds, in one flow.
    private static List<byte[]> RunStanding(FlowQueue queue, byte[] packet)
    {
        var sent = new List<byte[]>();
        for (long now = 0; now < 2000 * Millisecond; now += 2 * Millisecond)
        {
            queue.Enqueue(packet, 1, now);
            if (now % (4 * Millisecond) == 0 && queue.TryDequeue(now, out ReadOnlySpan<byte> taken))
            {
                sent.Add(taken.ToArray());
            }
        }

        return sent;
    }

    private static FlowQueue Queue(FlowQueueOptions? options = null) => new(new PacketPool(1024, 1500), options ?? new FlowQueueOptions());

    // Byte 19, the last of the destination address, says which packet it is.
    private static byte[] Packet(byte number, int bytes)
    {
        byte[] packet = Packets.Udp("10.0.0.1", 1, "10.0.0.0", 2, bytes - 28);
        packet[19] = number;
        return packet;
    }

    private static void WriteChecksum(byte[] packet)
    {
        packet.AsSpan(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), InternetChecksum.Compute(packet.AsSpan(0, 20)));
    }

    private static int Take(FlowQueue queue, long now)
    {
        Assert.True(queue.TryDequeue(now, out ReadOnlySpan<byte> packet));
        return packet[19];
    }

    private static List<int> Drain(FlowQueue queue, long now)
    {
        var numbers = new List<int>();
        while (queue.TryDequeue(now, out ReadOnlySpan<byte> packet))
        {
            numbers.Add(packet[19]);
        }

        return numbers;
    }
}
