using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>Damaged, repeated, reordered and invented packets into both ends: nothing crashes, nothing forged gets through, and what ends a connection says why.</summary>
public sealed class QuicFuzzTests
{
    private const int Seed = 20261105;
    private const int Packets = 20_000;

    [Fact]
    public void A_connection_outlives_20_000_bad_packets_beside_its_good_ones()
    {
        using QuicPair pair = QuicPair.Connected(both: new QuicOptions { DiscoverMtu = false });
        var random = new Random(Seed);
        var seen = new List<byte[]>();
        pair.Passes = (packet, _) =>
        {
            if (seen.Count < 500)
            {
                seen.Add([.. packet]);
            }
            else
            {
                seen[random.Next(seen.Count)] = [.. packet];
            }

            return true;
        };
        int sent = 0;
        for (int bad = 0; bad < Packets; bad++)
        {
            if (bad % 20 == 0)
            {
                byte[] marker = BitConverter.GetBytes(sent++);
                Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: true, marker));
                Assert.Equal(QuicResult.Ok, pair.SendDatagram(fromClient: false, marker));
                pair.RunFor(3 * QuicPair.Millisecond);
            }

            byte[] packet = Mutate(random, seen[random.Next(seen.Count)]);
            Assert.Equal(QuicResult.Ok, pair.Client.Read(packet, pair.Now));
            Assert.Equal(QuicResult.Ok, pair.Server!.Read(packet, pair.Now));
        }

        pair.RunFor(QuicPair.Second);

        Assert.Equal(Enumerable.Range(0, sent), pair.ServerEvents.Datagrams.Select(data => BitConverter.ToInt32(data)));
        Assert.Equal(Enumerable.Range(0, sent), pair.ClientEvents.Datagrams.Select(data => BitConverter.ToInt32(data)));
    }

    [Fact]
    public void Handshakes_of_damaged_packets_end_or_succeed_but_never_crash()
    {
        var random = new Random(Seed);
        int up = 0;
        int ended = 0;
        for (int round = 0; round < 300; round++)
        {
            using var pair = new QuicPair(both: new QuicOptions { HandshakeTimeout = 2 * QuicPair.Second });
            pair.Passes = (packet, _) =>
            {
                if (random.Next(4) == 0)
                {
                    // Damage that keeps the length, anywhere: most breaks the seal, some the parts that are not sealed.
                    packet[random.Next(3) == 0 ? random.Next(Math.Min(packet.Length, 40)) : random.Next(packet.Length)] ^= (byte)random.Next(1, 256);
                }

                return random.Next(20) != 0;
            };

            pair.RunFor(5 * QuicPair.Second);

            up += pair.IsUp ? 1 : 0;
            if (pair.ClientResult is not QuicResult.Ok)
            {
                ended++;
                Assert.NotEmpty(pair.Client.LastErrorText);
            }
        }

        Assert.True(up > 200, $"{up} up, {ended} ended");
    }

    [Fact]
    public void Noise_is_dropped_by_a_client_in_its_handshake()
    {
        var random = new Random(Seed);
        using var pair = new QuicPair();
        byte[] buffer = new byte[1500];
        pair.Client.Write(buffer, pair.Now, out int length);
        for (int round = 0; round < 5000; round++)
        {
            byte[] noise = new byte[random.Next(0, 1500)];
            random.NextBytes(noise);
            Assert.Equal(QuicResult.Ok, pair.Client.Read(noise, pair.Now));
        }

        pair.Send(buffer[..length], toServer: true);
        pair.Run(() => pair.IsUp);
    }

    private static byte[] Mutate(Random random, byte[] good)
    {
        switch (random.Next(4))
        {
            case 0:
                // Replayed as it is.
                return good;
            case 1:
                return good[..random.Next(good.Length)];
            case 2:
                byte[] noise = new byte[random.Next(1, 1500)];
                random.NextBytes(noise);
                noise[0] |= 0x40;
                return noise;
            default:
                byte[] damaged = [.. good];
                for (int flips = random.Next(1, 6); flips > 0; flips--)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
                }

                return damaged;
        }
    }
}
