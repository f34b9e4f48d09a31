using System.Buffers.Binary;
using System.Net;

namespace Net.Relay.Tests.Packets;

public sealed class RelayFragmenterTests
{
    [Theory]
    [InlineData(68)]
    [InlineData(576)]
    [InlineData(1499)]
    [InlineData(1500)]
    public void IPv4_fragments_make_the_datagram_again(int mtu)
    {
        byte[] payload = [.. Enumerable.Range(0, 4000).Select(index => (byte)(index * 7))];
        var builder = new FrameBuilder { Payload = payload, Options = [0x94, 4, 0, 0, 0x44, 4, 5, 0] };

        List<byte[]> fragments = Cut(builder, mtu, identification: 0xABCD1234);

        byte[] whole = builder.Build();
        byte[] transport = whole[(14 + 28)..];
        var joined = new byte[transport.Length];
        for (int index = 0; index < fragments.Count; index++)
        {
            byte[] fragment = fragments[index];
            byte[] ip = fragment[14..];
            int header = (ip[0] & 0xF) * 4;
            int offset = BinaryPrimitives.ReadUInt16BigEndian(ip.AsSpan(6));
            Assert.Equal(whole[..6], fragment[..6]);
            Assert.Equal(FrameBuilder.RelayMac, fragment[6..12]);
            Assert.InRange(ip.Length, header + 1, mtu);
            Assert.Equal(ip.Length, BinaryPrimitives.ReadUInt16BigEndian(ip.AsSpan(2)));
            Assert.Equal(0x1234, BinaryPrimitives.ReadUInt16BigEndian(ip.AsSpan(4)));
            Assert.Equal(0, FrameBuilder.Checksum(ip[..header]));
            Assert.Equal(index < fragments.Count - 1 ? 0x2000 : 0, offset & 0xE000);
            Assert.Equal(index == 0 ? "9404000044040500" : "94040000", Convert.ToHexString(ip[20..header]));
            Assert.Equal(63, ip[8]);
            ip[header..].CopyTo(joined, (offset & 0x1FFF) * 8);
        }

        Assert.Equal(Convert.ToHexString(transport), Convert.ToHexString(joined));
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(1500)]
    public void IPv6_fragments_make_the_datagram_again(int mtu)
    {
        byte[] payload = [.. Enumerable.Range(0, 5001).Select(index => (byte)(index * 11))];
        var builder = new FrameBuilder { Source = IPAddress.Parse("2001:db8::5"), Destination = IPAddress.Parse("ff05::1"), Payload = payload };

        List<byte[]> fragments = Cut(builder, mtu, identification: 0xABCD1234);

        byte[] transport = builder.Build()[54..];
        var joined = new byte[transport.Length];
        for (int index = 0; index < fragments.Count; index++)
        {
            byte[] ip = fragments[index][14..];
            int offset = BinaryPrimitives.ReadUInt16BigEndian(ip.AsSpan(42));
            Assert.InRange(ip.Length, 49, mtu);
            Assert.Equal(ip.Length - 40, BinaryPrimitives.ReadUInt16BigEndian(ip.AsSpan(4)));
            Assert.Equal((44, 17), (ip[6], ip[40]));
            Assert.Equal(0xABCD1234, BinaryPrimitives.ReadUInt32BigEndian(ip.AsSpan(44)));
            Assert.Equal(index < fragments.Count - 1 ? 1 : 0, offset & 7);
            ip[48..].CopyTo(joined, offset & ~7);
        }

        Assert.Equal(Convert.ToHexString(transport), Convert.ToHexString(joined));
    }

    [Fact]
    public void Options_that_contradict_themselves_are_not_followed()
    {
        var builder = new FrameBuilder { Payload = new byte[300], Options = [0x94, 200, 0, 0] };

        List<byte[]> fragments = Cut(builder, 100, 1);

        Assert.All(fragments.Skip(1), fragment => Assert.Equal(0x45, fragment[14]));
    }

    [Fact]
    public void An_MTU_below_what_IPv4_demands_is_refused()
    {
        byte[] frame = new FrameBuilder().Build();
        _ = RelayParser.Parse(frame, out PacketView packet);

        Assert.Throws<ArgumentOutOfRangeException>(() => new RelayFragmenter(frame, new RelayFrame(0, frame.Length, 14, true), packet, 67, 1));
    }

    private static List<byte[]> Cut(FrameBuilder builder, int mtu, uint identification)
    {
        byte[] frame = builder.Build();
        Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame, out PacketView packet));
        RelayTarget target = Samples.Target() with { MtuBytes = mtu, Oversize = OversizeAction.Fragment };
        Assert.True(RelayRewriter.TryRewrite(frame, packet, new TargetRewrite(target), out RelayFrame result, out _));
        Assert.True(result.IsOversize);
        var fragmenter = new RelayFragmenter(frame, result, packet, mtu, identification);
        byte[] buffer = new byte[14 + mtu];
        var fragments = new List<byte[]>();
        while (fragmenter.TryWriteNext(buffer, out int written))
        {
            fragments.Add(buffer[..written]);
        }

        return fragments;
    }
}
