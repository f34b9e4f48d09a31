using Net.Platform.Linux;
using Net.Worker.Overlay;
using Net.Worker.Tests.Support;

namespace Net.Worker.Tests.Units;

public sealed class HandoverRingTests
{
    [Fact]
    public void What_is_put_in_comes_out_as_it_was_and_in_order()
    {
        using var ring = new HandoverRing(4_096);
        var endpoint = SocketEndpoint.From(System.Net.IPEndPoint.Parse("[2001:db8::1]:4242"));

        Assert.True(ring.TryWrite(new Handover(HandoverKind.Datagram, -1, 7, 0xdeadbeef, endpoint), [1, 2, 3]));
        Assert.True(ring.TryWrite(new Handover(HandoverKind.Own, 5, 6, 1, default), []));

        Assert.True(ring.TryRead(out Handover first, out Span<byte> packet));
        Assert.Equal(new Handover(HandoverKind.Datagram, -1, 7, 0xdeadbeef, endpoint), first);
        Assert.Equal([1, 2, 3], packet.ToArray());
        ring.Release();
        Assert.True(ring.TryRead(out Handover second, out packet));
        Assert.Equal((HandoverKind.Own, 0), (second.Kind, packet.Length));
        ring.Release();
        Assert.True(ring.IsEmpty);
        Assert.False(ring.TryRead(out _, out _));
    }

    [Fact]
    public void A_full_ring_refuses_and_takes_again_what_was_read()
    {
        using var ring = new HandoverRing(1_024);
        byte[] packet = new byte[300];
        int taken = 0;
        while (ring.TryWrite(default, packet))
        {
            taken++;
        }

        Assert.Equal(2, taken);
        Assert.True(ring.TryRead(out _, out _));
        Assert.False(ring.TryWrite(default, packet));
        ring.Release();
        Assert.True(ring.TryWrite(default, packet));
    }

    [Fact]
    public void A_packet_that_never_fits_is_refused_for_ever()
    {
        using var ring = new HandoverRing(1_024);

        Assert.False(ring.TryWrite(default, new byte[1_024]));
        Assert.True(ring.IsEmpty);
    }

    [Fact]
    public void Any_order_of_sizes_comes_out_as_it_went_in()
    {
        using var ring = new HandoverRing(8_192);
        var random = new Random(3);
        Queue<byte[]> inside = [];
        for (int round = 0; round < 100_000; round++)
        {
            byte[] packet = new byte[random.Next(random.Next(2) == 0 ? 64 : 3_000)];
            random.NextBytes(packet);
            if (random.Next(2) == 0 && ring.TryWrite(new Handover(HandoverKind.Forward, round, packet.Length, 0, default), packet))
            {
                inside.Enqueue(packet);
            }
            else if (ring.TryRead(out Handover header, out Span<byte> read))
            {
                byte[] expected = inside.Dequeue();
                Assert.Equal(expected.Length, header.To);
                Assert.True(read.SequenceEqual(expected));
                ring.Release();
            }
            else
            {
                Assert.Empty(inside);
            }
        }
    }

    [Fact]
    public void Two_threads_lose_and_change_nothing()
    {
        const int packets = 300_000;
        using var ring = new HandoverRing(1 << 14);
        var writer = new Thread(() =>
        {
            Span<byte> packet = stackalloc byte[257];
            for (int number = 0; number < packets; number++)
            {
                packet.Fill((byte)number);
                while (!ring.TryWrite(new Handover(HandoverKind.Forward, number, number % 257, 0, default), packet[..(number % 257)]))
                {
                    Thread.Yield();
                }
            }
        });
        writer.Start();
        for (int number = 0; number < packets;)
        {
            if (!ring.TryRead(out Handover header, out Span<byte> packet))
            {
                Thread.Yield();
                continue;
            }

            Assert.Equal((number, number % 257), (header.From, header.To));
            Assert.Equal(header.To, packet.Length);
            Assert.True(packet.IndexOfAnyExcept((byte)number) < 0, "a packet changed on its way");
            ring.Release();
            number++;
        }

        Assert.True(writer.Join(Bounds.Wait));
    }
}
