using System.Net;
using Net.Platform.Linux;
using Net.Platform.Linux.Netfilter;

namespace Net.Platform.Tests.Linux.Netfilter;

/// <summary>Whatever bytes arrive, parsing ends and throws nothing at all: events are read on threads that must go on.</summary>
public sealed class NetfilterFuzzTests
{
    private const int Seed = 20260105;
    private const int RoundsPerSample = 4000;
    private static readonly DateTimeOffset s_now = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private static readonly ConntrackQuery s_query = new(new ConnectionFilter
    {
        Addresses = [IPNetwork.Parse("10.9.0.0/16"), IPNetwork.Parse("fd09::/16")],
        Ports = new ConnectionPorts(1, 65535),
        State = "ESTABLISHED",
    });

    public static TheoryData<string, int> Samples => new()
    {
        { "connections.bin", 7 },
        { "connection-events.bin", 18 },
        { "totals.bin", 1 },
        { "processors.bin", 2 },
        { "logged.bin", 4 },
        { "trace.bin", 37 },
        { "rule-counters.bin", 8 },
        { "sessions.bin", 6 },
        { "routes.bin", 3 },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_understood_whole_and_survived_damaged(string file, int messages)
    {
        byte[] sample = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "netfilter", file));
        Assert.Equal(messages, Parse(sample));
        var random = new Random(Seed);
        for (int round = 0; round < RoundsPerSample; round++)
        {
            byte[] damaged = sample[..random.Next(sample.Length + 1)];
            for (int flips = random.Next(1, 8); flips > 0 && damaged.Length > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Parse(damaged);
        }
    }

    [Fact]
    public void Noise_is_survived()
    {
        // Types that the parsers look at, so that the noise gets past the first check.
        ushort[] types = [0x0100, 0x0102, 0x0104, 0x0105, 0x0400, 0x0a06, 0x0a11, 20, 24];
        var random = new Random(Seed);
        for (int round = 0; round < RoundsPerSample * 4; round++)
        {
            byte[] noise = new byte[16 + random.Next(512)];
            random.NextBytes(noise);
            BitConverter.TryWriteBytes(noise, noise.Length);
            BitConverter.TryWriteBytes(noise.AsSpan(4), types[random.Next(types.Length)]);
            Parse(noise);
            PacketTupleParser.Parse(noise);
            PacketTupleParser.Parse(noise.AsSpan(0, noise.Length / 2), noise.AsSpan(noise.Length / 2));
        }
    }

    [Fact]
    public void A_packet_cut_anywhere_says_what_it_still_can()
    {
        byte[] tcp = Convert.FromHexString("4500003c12344000400600000a0900010a090002" + "c0001f9000000001000000005002ffff00000000" + "0204");

        for (int length = 0; length <= tcp.Length; length++)
        {
            PacketTuple? packet = PacketTupleParser.Parse(tcp.AsSpan(0, length));
            Assert.Equal(length >= 20, packet is not null);
            if (packet is not null)
            {
                Assert.Equal((6, 60, IPAddress.Parse("10.9.0.1"), IPAddress.Parse("10.9.0.2")), (packet.Protocol, packet.LengthBytes, packet.Source, packet.Destination));
                Assert.Equal(length >= 24 ? ((ushort?)0xc000, (ushort?)8080) : (null, null), (packet.SourcePort, packet.DestinationPort));
                Assert.Equal(length >= 34 ? (byte?)2 : null, packet.TcpFlags);
            }
        }
    }

    private static int Parse(byte[] datagram)
    {
        int understood = 0;
        var messages = new NetlinkMessageReader(datagram);
        while (messages.TryRead(out NetlinkMessage message))
        {
            bool isConnection = ConntrackParser.TryParse(message, out ConntrackEntry entry);
            if (isConnection)
            {
                s_query.Matches(entry);
                _ = entry.ToConnection().ToString();
            }

            bool isKnown = isConnection
                | ConntrackParser.TryParseTotals(message, out _)
                | ConntrackParser.TryParseProcessor(message, out _)
                | PacketLogParser.TryParse(message, s_now, 128, out _, out _)
                | TraceParser.TryParse(message, s_now, out _)
                | TraceParser.TryParseRule(message, FirewallTable.NetModule, null, out _)
                | SocketDiagParser.TryParse(message, out _)
                | RouteAnswerParser.TryParse(message, out _);
            understood += isKnown ? 1 : 0;
        }

        return understood;
    }
}
