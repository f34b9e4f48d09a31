using Net.Overlay.Identity;
using Net.Overlay.Probes;
using Net.Overlay.Sharding;
using Net.Packets.Bytecode;

namespace Net.Overlay.Tests.Sharding;

public sealed class ShardSteeringTests
{
    [Fact]
    public void A_bucket_is_the_first_byte_of_the_node_id()
    {
        byte[] key = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

        Assert.Equal(0xfd, ShardSteering.BucketOf(key));
        Assert.StartsWith("nm1lhyx4vr", NodeId.FromPublicKey(key).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Buckets_and_shards_are_those_another_program_found_and_the_page_shows()
    {
        string page = VectorFile.Text("overlay-protocol.md");
        int[] counts = [2, 3, 5, 64];
        foreach (string[] parts in VectorFile.Lines("steering.txt").Select(line => line.Split('=')))
        {
            Assert.Equal(Convert.FromHexString(parts[1])[0], ShardSteering.BucketOf(Convert.FromHexString(parts[0])));
            byte[] initial = Convert.FromHexString(parts[2]);
            Assert.Equal(counts.Select((_, place) => int.Parse(parts[3 + place], System.Globalization.CultureInfo.InvariantCulture)), counts.Select(count => ShardSteering.ShardOf(initial, count)));
        }

        Assert.Contains(VectorFile.Lines("steering.txt")[0].Split('=')[2], page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("40070102030405060708", 7)]
    [InlineData("7f070102030405060708", 7)]
    [InlineData("01070102030405060708", 7)]
    [InlineData("c00000000109fd112233445566778805", 0xfd)]
    [InlineData("f00000000108fd11223344556677", 0xfd)]
    [InlineData("", 0)]
    [InlineData("40", 0)]
    [InlineData("c00000000109", 0)]
    public void One_byte_of_a_datagram_says_whose_it_is(string datagram, int expected)
    {
        for (int shards = 1; shards <= ShardSteering.MaxShards; shards++)
        {
            Assert.Equal(expected % shards, ShardSteering.ShardOf(Convert.FromHexString(datagram), shards));
        }
    }

    [Fact]
    public void A_probe_is_for_the_shard_its_connection_id_names()
    {
        byte[] probe = new byte[ProbeCodec.PacketBytes];
        probe[0] = ProbeCodec.FirstByte;
        probe[1] = 5;

        Assert.True(ProbeCodec.TryReadConnectionId(probe, out ulong id));
        Assert.Equal((int)(id >> 56) % 3, ShardSteering.ShardOf(probe, 3));
    }

    [Fact]
    public void The_kernels_program_says_the_same_of_any_datagram()
    {
        var random = new Random(11);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] datagram = new byte[random.Next(12)];
            random.NextBytes(datagram);
            int shards = random.Next(1, ShardSteering.MaxShards + 1);

            Assert.Equal(ShardSteering.ShardOf(datagram, shards), (int)Run(ShardSteering.Program(shards), datagram));
        }
    }

    [Fact]
    public void Keys_spread_evenly()
    {
        int[] peers = new int[3];
        byte[] key = new byte[32];
        for (int number = 0; number < 3_000; number++)
        {
            BitConverter.TryWriteBytes(key, number);
            peers[ShardSteering.ShardOf(ShardSteering.BucketOf(key), 3)]++;
        }

        Assert.All(peers, count => Assert.InRange(count, 900, 1_100));
    }

    // The part of Documentation/networking/filter.rst that the program uses.
    private static uint Run(IReadOnlyList<FilterInstruction> program, byte[] packet)
    {
        uint a = 0;
        for (int at = 0; ; at++)
        {
            FilterInstruction one = program[at];
            switch (one.Code)
            {
                case 0x30:
                    if (one.Value >= packet.Length)
                    {
                        return 0;
                    }

                    a = packet[one.Value];
                    break;
                case 0x05:
                    at += (int)one.Value;
                    break;
                case 0x45:
                    at += (a & one.Value) != 0 ? one.JumpTrue : one.JumpFalse;
                    break;
                case 0x94:
                    a %= one.Value;
                    break;
                case 0x16:
                    return a;
                default:
                    throw new InvalidOperationException($"code {one.Code}");
            }
        }
    }
}
