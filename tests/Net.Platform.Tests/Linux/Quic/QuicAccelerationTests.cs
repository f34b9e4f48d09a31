using System.Runtime.InteropServices;
using Net.Platform.Linux;
using Net.Testing;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>Whole connections with keys of the accelerating library. Alone in its collection, because it counts keys of the process.</summary>
[Collection(nameof(QuicAccelerationTests))]
[CollectionDefinition(nameof(QuicAccelerationTests), DisableParallelization = true)]
public sealed partial class QuicAccelerationTests
{
    // The runtime compiles and collects into the same native heap, some 900 KiB in a bad run; what is not freed shows in every run.
    private const int Runs = 5;

    // One prepared key of each of 2,000 connections that was not freed would be 2.5 MB, one of GnuTLS's contexts 1 MB.
    private const long MayGrow = 256 << 10;

    private static readonly QuicOptions With = new() { DiscoverMtu = false };
    private static readonly QuicOptions Without = new() { DiscoverMtu = false, AllowAcceleration = false };

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Datagrams_and_streams_arrive_whichever_side_is_accelerated(bool client, bool server)
    {
        AeadTests.RequireLibrary();
        long before = AeadKey.Count;
        using QuicPair pair = QuicPair.Connected(client ? With : Without, server ? With : Without);
        var random = new Random(3);
        byte[][] sent = [.. Enumerable.Range(0, 100).Select(_ => new byte[random.Next(1, pair.Client.MaxDatagramBytes + 1)])];
        byte[] stream = new byte[200_000];
        random.NextBytes(stream);
        Assert.Equal(QuicResult.Ok, pair.Client.OpenStream(out long id));
        int offset = 0;
        foreach (byte[] data in sent)
        {
            random.NextBytes(data);
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, data));
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: false, data));
            pair.SendStream(fromClient: true, id, stream.AsSpan(offset), isFinal: true, out int consumed);
            offset += consumed;
            pair.RunFor(20 * QuicPair.Millisecond);
        }

        Assert.Equal(sent, pair.ServerEvents.Datagrams);
        Assert.Equal(sent, pair.ClientEvents.Datagrams);
        Assert.Equal(stream, pair.ServerEvents.Received[id].ToArray());

        // Two keys in use, and two prepared for the next update, on each side that is accelerated.
        Assert.Equal(4 * ((client ? 1 : 0) + (server ? 1 : 0)), AeadKey.Count - before);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Keys_are_updated_whichever_side_is_accelerated(bool client, bool server)
    {
        AeadTests.RequireLibrary();
        using QuicPair pair = QuicPair.Connected(client ? With : Without, server ? With : Without);
        int updates = 0;
        for (int round = 0; round < 60; round++)
        {
            pair.RunFor(100 * QuicPair.Millisecond);
            QuicConnection side = round % 2 == 0 ? pair.Client : pair.Server!;
            updates += side.TryUpdateKeys(pair.Now) ? 1 : 0;
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, [(byte)round]));
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: false, [(byte)round]));
        }

        pair.RunFor(QuicPair.Second);

        Assert.True(updates >= 5, $"{updates} updates");
        Assert.Equal((60, 60), (pair.ServerEvents.Datagrams.Count, pair.ClientEvents.Datagrams.Count));
    }

    [Fact]
    public void A_packet_changed_on_the_way_is_dropped_and_the_connection_lives()
    {
        AeadTests.RequireLibrary();
        using QuicPair pair = QuicPair.Connected(both: With);
        var random = new Random(5);
        pair.RunFor(QuicPair.Second);
        pair.Passes = (packet, toServer) =>
        {
            if (toServer)
            {
                packet[random.Next(1, packet.Length)] ^= (byte)(1 << random.Next(8));
            }

            return true;
        };
        for (int count = 0; count < 50; count++)
        {
            Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, new byte[100]));
        }

        pair.RunFor(50 * QuicPair.Millisecond);
        Assert.Empty(pair.ServerEvents.Datagrams);
        pair.Passes = (_, _) => true;
        Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, [9]));
        pair.RunFor(QuicPair.Second);

        Assert.Equal([[9]], pair.ServerEvents.Datagrams);
        Assert.Equal((QuicResult.Ok, QuicResult.Ok), (pair.ClientResult, pair.ServerResult));
    }

    [Fact]
    public void An_exception_of_an_event_comes_out_behind_accelerated_packets_too()
    {
        AeadTests.RequireLibrary();
        using QuicPair pair = QuicPair.Connected(both: With);
        pair.ServerEvents.Throws = new InvalidDataException("no such route");
        pair.SendDatagram(fromClient: true, [1]);

        Assert.Throws<InvalidDataException>(() => pair.RunFor(QuicPair.Second));
    }

    [Fact]
    public void Two_thousand_connections_free_all_their_keys_and_memory()
    {
        AeadTests.RequireLibrary();
        long keys = AeadKey.Count;
        Cycle(With, 300);
        Cycle(Without, 300);

        long least = long.MaxValue;
        for (int run = 0; run < Runs && least > MayGrow; run++)
        {
            long begin = NativeBytes();
            Cycle(Without, 2000);
            long middle = NativeBytes();
            Cycle(With, 2000);
            long grown = NativeBytes() - middle;
            TestContext.Current.TestOutputHelper?.WriteLine($"grown by {grown / 1024} KiB; without acceleration by {(middle - begin) / 1024} KiB");
            least = Math.Min(least, grown - Math.Max(0, middle - begin));
        }

        Assert.Equal(keys, AeadKey.Count);
        Assert.InRange(least, long.MinValue, MayGrow);
    }

    [Fact]
    public void Packets_are_sealed_and_opened_without_allocation()
    {
        AeadTests.RequireLibrary();
        using QuicPair pair = QuicPair.Connected(both: With);
        pair.RunFor(QuicPair.Second);
        var loop = new QuicLoop(pair, 1400);
        loop.Run(2000);

        Assert.Equal(0, Allocations.Least(() => loop.Run(2000)));
    }

    private static void Cycle(QuicOptions options, int count)
    {
        for (int index = 0; index < count; index++)
        {
            using QuicPair pair = QuicPair.Connected(both: options);
            pair.SendDatagram(fromClient: true, [1]);
        }
    }

    // What is allocated and not freed in the native heap, whatever the allocator keeps of the system's memory besides.
    private static long NativeBytes()
    {
        Heap heap = MallInfo();
        return (long)(heap.InUse + heap.Mapped);
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial Heap MallInfo();

    // struct mallinfo2 of malloc.h: arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost.
    [StructLayout(LayoutKind.Explicit, Size = 80)]
    private struct Heap
    {
        [FieldOffset(32)]
        public nuint Mapped;

        [FieldOffset(56)]
        public nuint InUse;
    }
}
