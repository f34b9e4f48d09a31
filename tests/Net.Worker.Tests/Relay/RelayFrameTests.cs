using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Net.Packets;
using Net.Relay;

namespace Net.Worker.Tests.Relay;

/// <summary>What the packet engine makes of frames, with a worker process and interfaces of the kernel.</summary>
public sealed class RelayFrameTests
{
    [Fact]
    public void A_packet_leaves_with_everything_the_target_says()
    {
        using var rig = new RelayRig();
        using FrameTap tap = rig.OpenTap(0);
        using FrameSender frames = rig.OpenFrames();
        rig.Start(rig.Flow(1, 5000, rig.Target(0) with { Dscp = 46, SourcePort = 7777 }));

        frames.Send(FrameSender.Udp(5000, [1, 2, 3, 4, 5], trafficClass: 0x03));
        TappedFrame frame = tap.Next();

        Assert.Equal("10.9.10.1", frame.View.Source.ToString());
        Assert.Equal("239.2.2.1", frame.View.Destination.ToString());
        Assert.Equal(((ushort)7777, (ushort)6001, (byte)8, (byte)((46 << 2) | 3)), (frame.View.SourcePort, frame.View.DestinationPort, frame.View.Ttl, frame.View.TrafficClass));
        Assert.Equal([0x01, 0x00, 0x5E, 0x02, 0x02, 0x01], frame.Data[..6]);
        Assert.Equal(rig.OutputMacs[0], frame.Data[6..12]);
        Assert.Equal([1, 2, 3, 4, 5], frame.Payload);
        Assert.True(IsIntact(frame), "the UDP checksum is wrong");
    }

    [Fact]
    public void Streams_of_many_sizes_reach_three_outputs_whole_and_in_order()
    {
        const int packets = 3_000;
        using var rig = new RelayRig(outputs: 3);
        Socket[] sinks = [.. Enumerable.Range(0, 3).Select(output => rig.OpenSink(output, $"239.2.2.{output + 1}", 6001 + output))];
        Socket source = rig.OpenSource();
        rig.Start(rig.Flow(1, 5000, rig.Target(0), rig.Target(1) with { Ttl = null }, rig.Target(2) with { SourceMode = SourceMode.Keep, Source = null }));
        var random = new Random(20261126);
        byte[][] sent = [.. Enumerable.Range(0, packets).Select(number => Payload(random, number % 7 < 5 ? 64 : random.Next(1, 1400)))];

        for (int number = 0; number < packets; number++)
        {
            source.SendTo(sent[number], new IPEndPoint(IPAddress.Parse(RelayRig.Group), 5000));
            if (number % 200 == 199)
            {
                // The sinks are read while they are written, as their buffers are small.
                foreach (Socket sink in sinks)
                {
                    AssertReceived(sink, sent, number - 199, 200);
                }
            }
        }

        RelayCounters counters = rig.WaitForCounters(1, 2, one => one.Packets == packets, "all packets counted at the last output");
        Assert.Equal(sent.Sum(payload => payload.Length + 28), counters.Bytes);
        Assert.Empty(counters.Drops);
    }

    [Fact]
    public void What_a_sender_gave_to_its_interface_in_one_piece_is_many_packets()
    {
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "239.2.2.1", 6001);
        Socket source = rig.OpenSource();

        // UDP_SEGMENT of linux/udp.h: the veth passes the whole on to its peer.
        source.SetRawSocketOption(17, 103, BitConverter.GetBytes(500));
        rig.Start(rig.Flow(1, 5000, rig.Target(0)));
        byte[] data = Payload(new Random(1), 500 * 40 + 123);

        source.SendTo(data, new IPEndPoint(IPAddress.Parse(RelayRig.Group), 5000));
        byte[] received = new byte[data.Length];
        byte[] buffer = new byte[2_000];
        for (int at = 0; at < data.Length;)
        {
            int bytes = sink.Receive(buffer);
            Assert.Equal(Math.Min(500, data.Length - at), bytes);
            buffer.AsSpan(0, bytes).CopyTo(received.AsSpan(at));
            at += bytes;
        }

        Assert.Equal(data, received);
        rig.WaitForCounters(1, RelayCounters.Input, one => one.Packets == 41, "41 packets at the input");
        rig.WaitForCounters(1, 0, one => one.Packets == 41, "41 packets at the output");
    }

    [Fact]
    public void Damage_is_never_mended_by_new_checksums()
    {
        using var rig = new RelayRig();
        using FrameTap tap = rig.OpenTap(0);
        using FrameSender frames = rig.OpenFrames();
        rig.Start(rig.Flow(1, 5000, rig.Target(0)));
        byte[][] sent = [.. Enumerable.Range(0, 8).Select(number => FrameSender.Udp(5000, [.. Enumerable.Repeat((byte)number, 64)]))];
        sent[3][60] ^= 0xFF;

        frames.Send(sent);
        var intact = new List<byte>();
        var damaged = new List<byte>();
        while (intact.Count + damaged.Count < 8)
        {
            TappedFrame frame = tap.Next();
            foreach (byte[] payload in frame.SegmentBytes > 0 ? frame.Payload.Chunk(frame.SegmentBytes) : [frame.Payload])
            {
                (frame.IsChecksumPartial || IsIntact(frame) ? intact : damaged).Add(payload[0]);
            }
        }

        Assert.Equal([0, 1, 2, 4, 5, 6, 7], intact);
        Assert.Equal([3], damaged);
    }

    [Fact]
    public void A_packet_without_checksum_keeps_none()
    {
        using var rig = new RelayRig();
        using FrameTap tap = rig.OpenTap(0);
        using FrameSender frames = rig.OpenFrames();
        rig.Start(rig.Flow(1, 5000, rig.Target(0)));
        byte[] bare = FrameSender.Udp(5000, [9, 9, 9, 9]);
        bare[40] = 0;
        bare[41] = 0;

        frames.Send(bare, bare, bare);

        for (int number = 0; number < 3; number++)
        {
            Assert.Equal(0, tap.Next().UdpChecksum);
        }
    }

    [Fact]
    public void Esp_is_carried_as_it_is()
    {
        using var rig = new RelayRig();
        using FrameTap tap = rig.OpenTap(0);
        using FrameSender frames = rig.OpenFrames();
        RelayFlow flow = rig.Flow(1, 0, rig.Target(0) with { Port = 0 });
        rig.Start(flow with { Input = flow.Input with { Protocol = RelayProtocol.Esp } });
        byte[] esp = FrameSender.Ip(50, 100);
        Payload(new Random(2), 100).CopyTo(esp, 34);

        frames.Send(esp, esp);
        TappedFrame frame = tap.Next();

        Assert.Equal(RelayProtocol.Esp, frame.View.Protocol);
        Assert.Equal("239.2.2.1", frame.View.Destination.ToString());
        Assert.Equal(esp[34..], frame.Data[34..]);
        rig.WaitForCounters(1, 0, one => one.Packets == 2, "two packets sent");
    }

    [Fact]
    public void Groups_become_single_hosts_and_single_hosts_groups()
    {
        using var rig = new RelayRig(outputs: 2);
        Socket host = rig.OpenSink(0, "10.9.10.2", 7000);
        Socket group = rig.OpenSink(1, "239.2.2.2", 6002);
        Socket source = rig.OpenSource();
        RelayFlow fromHost = rig.Flow(2, 5001, rig.Target(1));
        rig.Start(
            rig.Flow(1, 5000, rig.Target(0) with { Destination = IPAddress.Parse("10.9.10.2"), Port = 7000, DestinationMac = rig.SinkMacs[0] }),
            fromHost with { Input = fromHost.Input with { Destination = AddressPrefix.Parse("10.9.0.2") } });

        source.SendTo([1], new IPEndPoint(IPAddress.Parse(RelayRig.Group), 5000));
        source.SendTo([2], new IPEndPoint(IPAddress.Parse("10.9.0.2"), 5001));

        byte[] buffer = new byte[16];
        Assert.Equal((1, 1), (host.Receive(buffer), buffer[0]));
        Assert.Equal((1, 2), (group.Receive(buffer), buffer[0]));
    }

    [Fact]
    public void A_single_host_whose_link_address_is_unknown_is_refused()
    {
        using var rig = new RelayRig();
        Socket source = rig.OpenSource();
        rig.Start(rig.Flow(1, 5000, rig.Target(0) with { Destination = IPAddress.Parse("10.9.10.2") }));

        source.SendTo([1], new IPEndPoint(IPAddress.Parse(RelayRig.Group), 5000));

        rig.WaitForDrops(1, 0, RelayDrop.NoNeighbor, 1);
    }

    [Fact]
    public void Ipv6_is_relayed_as_ipv4_is()
    {
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "ff15::22", 6001);
        Socket source = rig.OpenSource(AddressFamily.InterNetworkV6);
        RelayFlow flow = rig.Flow(1, 5000, rig.Target(0) with { Destination = IPAddress.Parse("ff15::22"), Source = IPAddress.Parse("fd09:1::1") });
        rig.Start(flow with { Input = flow.Input with { Destination = AddressPrefix.Parse("ff15::11") } });
        byte[] data = Payload(new Random(3), 900);
        byte[] buffer = new byte[2_000];

        for (int number = 0; number < 50; number++)
        {
            source.SendTo(data, new IPEndPoint(IPAddress.Parse("ff15::11"), 5000));
        }

        for (int number = 0; number < 50; number++)
        {
            EndPoint from = new IPEndPoint(IPAddress.IPv6Any, 0);
            int bytes = sink.ReceiveFrom(buffer, ref from);
            Assert.Equal(data, buffer[..bytes]);
            Assert.Equal("fd09:1::1", ((IPEndPoint)from).Address.ToString());
        }
    }

    [Fact]
    public void What_is_larger_than_the_output_takes_is_refused_or_fragmented_as_the_rule_says()
    {
        using var rig = new RelayRig(outputs: 2, mtu: 1280);
        Socket sink = rig.OpenSink(1, "239.2.2.2", 6002);
        Socket source = rig.OpenSource();
        rig.Start(rig.Flow(1, 5000, rig.Target(0) with { MtuBytes = 1280 }, rig.Target(1) with { MtuBytes = 1280, Oversize = OversizeAction.Fragment }));
        byte[] data = Payload(new Random(4), 1400);
        byte[] buffer = new byte[2_000];

        for (int number = 0; number < 20; number++)
        {
            data[0] = (byte)number;
            source.SendTo(data, new IPEndPoint(IPAddress.Parse(RelayRig.Group), 5000));
        }

        for (int number = 0; number < 20; number++)
        {
            Assert.Equal(1400, sink.Receive(buffer));
            data[0] = (byte)number;
            Assert.Equal(data, buffer[..1400]);
        }

        rig.WaitForDrops(1, 0, RelayDrop.TooBig, 20);
        rig.WaitForCounters(1, 1, one => one.Packets == 20, "20 packets, not fragments, at the second output");
    }

    [Fact]
    public void What_is_no_packet_for_the_relay_is_counted_and_harms_nothing()
    {
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "239.2.2.1", 6001);
        using FrameSender frames = rig.OpenFrames();
        rig.Start(rig.Flow(1, 5000, rig.Target(0)));
        byte[] good = FrameSender.Udp(5000, [1, 2, 3, 4]);
        byte[] fragment = FrameSender.Udp(5000, [1, 2, 3, 4]);
        fragment[20] = 0x20;
        Resum(fragment);
        byte[] damagedHeader = FrameSender.Udp(5000, [1, 2, 3, 4]);
        damagedHeader[22]++;
        byte[] longLength = FrameSender.Udp(5000, [1, 2, 3, 4]);
        longLength[39] = 200;
        byte[] tagged = [.. good[..12], 0x81, 0x00, 0x00, 0x05, .. good[12..]];
        byte[] otherPort = FrameSender.Udp(5009, [1]);
        byte[] lastHop = FrameSender.Udp(5000, [1, 2, 3, 4], ttl: 1);

        frames.Send(fragment, damagedHeader, longLength, tagged, otherPort, lastHop, good);
        byte[] buffer = new byte[16];

        Assert.Equal(4, sink.Receive(buffer));
        Net.Workers.Relay.RelayInputCounters? input = null;
        rig.Inbox.WaitFor<Net.Workers.Relay.RelayReport>(report => (input = report.Inputs.FirstOrDefault()) is { Packets: 6, OtherVlan: 1, Unmatched: 1 }, "6 packets and one of a VLAN");
        Assert.Equal((1, 1, 1), (input!.Drops[(int)RelayDrop.Fragment], input.Drops[(int)RelayDrop.Checksum], input.Drops[(int)RelayDrop.Malformed]));

        // The TTL is the target's, so a packet at its last hop goes on.
        rig.WaitForCounters(1, 0, one => one.Packets == 2, "two packets sent");
    }

    [Fact]
    public void Mutated_frames_never_end_a_worker()
    {
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "239.2.2.1", 6001);
        using FrameSender frames = rig.OpenFrames();
        rig.Start(rig.Flow(1, 5000, rig.Target(0) with { Ttl = null, Oversize = OversizeAction.Fragment, MtuBytes = 300 }));
        var random = new Random(20261127);
        for (int round = 0; round < 300; round++)
        {
            frames.Send([.. Enumerable.Range(0, 32).Select(_ =>
            {
                byte[] frame = FrameSender.Udp(5000, Payload(random, random.Next(0, 1400)));
                for (int change = random.Next(0, 3); change > 0; change--)
                {
                    frame[random.Next(12, 42)] = (byte)random.Next(256);
                }

                if (random.Next(2) == 0)
                {
                    Resum(frame);
                }

                return random.Next(4) == 0 ? frame[..random.Next(15, frame.Length + 1)] : frame;
            })]);
        }

        while (sink.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead))
        {
            sink.Receive(new byte[2_000]);
        }

        frames.Send(FrameSender.Udp(5000, [42]));
        byte[] buffer = new byte[2_000];
        Assert.Equal((1, 42), (sink.Receive(buffer), buffer[0]));
    }

    private static byte[] Payload(Random random, int length)
    {
        byte[] data = new byte[length];
        random.NextBytes(data);
        return data;
    }

    private static void AssertReceived(Socket sink, byte[][] sent, int first, int count)
    {
        byte[] buffer = new byte[2_000];
        for (int number = first; number < first + count; number++)
        {
            int bytes = sink.Receive(buffer);
            Assert.True(CryptographicOperations.FixedTimeEquals(buffer.AsSpan(0, bytes), sent[number]), $"packet {number} is another: {bytes} bytes instead of {sent[number].Length}");
        }
    }

    private static void Resum(byte[] frame)
    {
        int bytes = Math.Min((frame[14] & 0xF) * 4, frame.Length - 14);
        if (bytes >= 20)
        {
            Span<byte> ip = frame.AsSpan(14, bytes);
            ip[10] = 0;
            ip[11] = 0;
            PacketChecksum.Write(ip[10..], PacketChecksum.Sum(ip));
        }
    }

    private static bool IsIntact(TappedFrame frame)
    {
        ReadOnlySpan<byte> udp = frame.Data.AsSpan(frame.View.TransportOffset, frame.View.PayloadBytes + 8);
        return PacketChecksum.Fold(PacketChecksum.Sum(udp, PacketChecksum.PseudoHeader(frame.Data.AsSpan(26, 8), 17, udp.Length))) == ushort.MaxValue;
    }
}
