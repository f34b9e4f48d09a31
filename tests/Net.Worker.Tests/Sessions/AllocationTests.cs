using Net.Worker.Tests.Support;

namespace Net.Worker.Tests.Sessions;

/// <summary>Allocations are counted for the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationCollection;

/// <summary>What a packet costs the collector.</summary>
public abstract class AllocationTests(int shards, ITestOutputHelper output) : ShardedTests(shards)
{
    private const int Packets = 20_000;

    [Fact]
    public void A_packet_allocates_nothing_at_either_node_whichever_shard_reads_it()
    {
        using OverlayPair pair = OverlayPair.Up();
        byte[] packet = TestPackets.UdpPacket(pair.A.Address, pair.B.Address, 1, 2, new byte[200]);
        byte[] buffer = new byte[4_096];
        Send(pair, packet, buffer, 5_000);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        Send(pair, packet, buffer, Packets);
        long after = GC.GetTotalAllocatedBytes(precise: true);

        // Reports of both nodes, a few kilobytes each second, are in it; the smallest object for each packet would be 24 bytes and more.
        double each = (double)(after - before) / Packets;
        output.WriteLine($"{each:0.00} bytes for each packet");
        Assert.True(each < 16, $"{each:0.00} bytes were allocated for each packet");
    }

    private static void Send(OverlayPair pair, byte[] packet, byte[] buffer, int count)
    {
        const int batch = 50;
        for (int sent = 0; sent < count; sent += batch)
        {
            for (int place = 0; place < batch; place++)
            {
                pair.A.Host.Send(packet, place % pair.A.Shards);
            }

            for (int place = 0; place < batch; place++)
            {
                Assert.True(pair.B.Host.ReceiveInto(buffer, Bounds.Wait) > 0, "a packet was lost");
            }
        }
    }
}

/// <inheritdoc />
[Collection(nameof(AllocationTests))]
public sealed class AllocationTestsOfOneShard(ITestOutputHelper output) : AllocationTests(1, output);

/// <inheritdoc />
[Collection(nameof(AllocationTests))]
public sealed class AllocationTestsOfThreeShards(ITestOutputHelper output) : AllocationTests(3, output);
