using System.Diagnostics;
using System.Globalization;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>Whole connections with keys of the accelerating library. Alone in its collection, because it counts keys of the process.</summary>
[Collection(nameof(QuicAccelerationTests))]
[CollectionDefinition(nameof(QuicAccelerationTests), DisableParallelization = true)]
public sealed class QuicAccelerationTests
{
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
        Cycle(300);
        long before = ResidentBytes();

        Cycle(1700);

        long grown = ResidentBytes() - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"grown by {grown / 1024} KiB");
        Assert.Equal(keys, AeadKey.Count);

        // Two prepared keys alone that were not freed would be 4 MiB.
        Assert.InRange(grown, long.MinValue, 4 << 20);
    }

    [Fact]
    public void Packets_are_sealed_and_opened_without_allocation()
    {
        AeadTests.RequireLibrary();
        using QuicPair pair = QuicPair.Connected(both: With);
        pair.RunFor(QuicPair.Second);
        var loop = new QuicLoop(pair, 1400);
        loop.Run(2000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        loop.Run(2000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // Figures for people: run alone with NETMOD_MEASURE=1 and -showliveoutput.
    [Fact]
    public void The_cost_of_a_datagram_is_measured()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("NETMOD_MEASURE") is not null, "measures only when NETMOD_MEASURE is set");
        const int count = 20_000;
        Dictionary<bool, (double Send, double Receive)> best = new() { [false] = (1e9, 1e9), [true] = (1e9, 1e9) };
        using QuicPair plain = QuicPair.Connected(both: Without);
        using QuicPair accelerated = QuicPair.Connected(both: With);
        var loops = new Dictionary<bool, QuicLoop> { [false] = new QuicLoop(plain), [true] = new QuicLoop(accelerated) };
        for (int round = 0; round < 40; round++)
        {
            QuicLoop loop = loops[round % 2 == 1];
            (long send, long receive) = (loop.SendTicks, loop.ReceiveTicks);
            loop.Run(count);
            double perTick = 1e9 / Stopwatch.Frequency / count;
            (double bestSend, double bestReceive) = best[round % 2 == 1];
            best[round % 2 == 1] = (Math.Min(bestSend, (loop.SendTicks - send) * perTick), Math.Min(bestReceive, (loop.ReceiveTicks - receive) * perTick));
        }

        foreach ((bool isAccelerated, (double send, double receive)) in best)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(isAccelerated ? QuicLibrary.Accelerator : "GnuTLS")}: send {send:F0} ns, receive {receive:F0} ns per datagram of 1420 bytes"));
        }

        Assert.True(best[true].Send > 0);
    }

    private static void Cycle(int count)
    {
        for (int index = 0; index < count; index++)
        {
            using QuicPair pair = QuicPair.Connected(both: With);
            pair.SendDatagram(fromClient: true, [1]);
        }
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
