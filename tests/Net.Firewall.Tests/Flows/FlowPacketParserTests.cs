using System.Net;

namespace Net.Firewall.Tests.Flows;

/// <summary>Captured packets are read as rules see them.</summary>
public sealed class FlowPacketParserTests
{
    [Fact]
    public void Packets_of_every_kind_are_read_back()
    {
        var random = new RandomFlows(5);
        for (int i = 0; i < 2000; i++)
        {
            FlowPacket packet = random.Packet((RuleDirection)random.Next(3)) with { SourceMac = RandomFlows.Macs[0] };
            byte[] frame = KernelPackets.Frame(packet, 1, RandomFlows.Macs[1]);

            Assert.True(FlowPacketParser.TryParse(frame, FlowPacketParser.LinkTypeEthernet, out FlowPacket read));

            // What a capture does not show stays as it is by default.
            FlowPacket shown = packet with
            {
                Direction = default,
                InputInterface = null,
                OutputInterface = null,
                State = default,
                Mark = 0,
                User = null,
                Group = null,
                Cgroup = null,
                IsReversePathMissing = null,
            };
            Assert.Equal(shown, read);
            Assert.True(FlowPacketParser.TryParse(frame.AsSpan(14), FlowPacketParser.LinkTypeRaw, out FlowPacket raw));
            Assert.Equal(shown with { SourceMac = null }, raw);
        }
    }

    [Fact]
    public void Tagged_and_cooked_frames_are_read()
    {
        byte[] frame = KernelPackets.Frame(new RandomFlows(6).Packet(RuleDirection.Inbound), 1, RandomFlows.Macs[1]);
        byte[] tagged = [.. frame[..12], 0x81, 0, 0, 7, .. frame[12..]];
        byte[] cooked = [0, 0, 0, 1, 0, 6, .. frame[6..12], 0, 0, .. frame[12..]];
        byte[] cooked2 = [.. frame[12..14], 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, .. frame[6..12], 0, 0, .. frame[14..]];

        Assert.True(FlowPacketParser.TryParse(frame, FlowPacketParser.LinkTypeEthernet, out FlowPacket expected));
        foreach ((byte[] bytes, int link) in ((byte[], int)[])[(tagged, FlowPacketParser.LinkTypeEthernet), (cooked, FlowPacketParser.LinkTypeLinuxSll), (cooked2, FlowPacketParser.LinkTypeLinuxSll2)])
        {
            Assert.True(FlowPacketParser.TryParse(bytes, link, out FlowPacket read), $"link type {link}");
            Assert.Equal(expected, read);
        }
    }

    [Fact]
    public void A_later_fragment_is_no_packet_rules_see()
    {
        byte[] packet = KernelPackets.Ip(new FlowPacket { Protocol = 17, Length = 100 }.Between(IPAddress.Loopback, IPAddress.Loopback), 1);
        packet[7] = 10;

        Assert.False(FlowPacketParser.TryParse(packet, FlowPacketParser.LinkTypeRaw, out _));
    }

    [Fact]
    public void Random_bytes_are_read_or_refused()
    {
        var random = new Random(23);
        var flows = new RandomFlows(23);
        int[] links = [0, 1, 101, 113, 228, 229, 276, 5, -1];
        int read = 0;
        for (int i = 0; i < 200_000; i++)
        {
            byte[] bytes = i % 2 == 0 ? new byte[random.Next(90)] : KernelPackets.Frame(flows.Packet(RuleDirection.Inbound), 1, RandomFlows.Macs[0]);
            if (i % 2 == 0)
            {
                random.NextBytes(bytes);
            }

            for (int edits = random.Next(6); edits > 0 && bytes.Length > 0; edits--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 60))] = (byte)random.Next(256);
            }

            read += FlowPacketParser.TryParse(bytes.AsSpan(0, random.Next(bytes.Length + 1)), links[random.Next(links.Length)], out _) ? 1 : 0;
        }

        Assert.InRange(read, 100, 199_999);
    }
}
