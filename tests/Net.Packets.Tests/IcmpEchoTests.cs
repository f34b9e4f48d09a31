using System.Buffers.Binary;

namespace Net.Packets.Tests;

public sealed class IcmpEchoTests
{
    private static readonly byte[] Payload = [1, 2, 3, 4, 5];

    [Fact]
    public void An_IPv4_request_is_read_back()
    {
        byte[] packet = InIpv4(Request());

        Assert.True(IcmpEcho.TryReadV4(packet, out IcmpMessage message));
        Assert.Equal(IcmpKind.EchoRequest, message.Kind);
        Assert.Equal(0x1234, message.Identifier);
        Assert.Equal(0x5678, message.Sequence);
        Assert.Equal(Payload, message.Payload.ToArray());
        Assert.Equal(64, IcmpEcho.GetTimeToLiveV4(packet));
    }

    [Theory]
    [InlineData(3, IcmpKind.DestinationUnreachable)]
    [InlineData(11, IcmpKind.TimeExceeded)]
    [InlineData(12, IcmpKind.ParameterProblem)]
    public void An_IPv4_error_names_the_request_it_is_about(byte type, IcmpKind kind)
    {
        byte[] error = [type, 1, 0, 0, 0, 0, 0, 0, .. InIpv4(Request())];
        BinaryPrimitives.WriteUInt16BigEndian(error.AsSpan(2), InternetChecksum.Compute(error));

        Assert.True(IcmpEcho.TryReadV4(InIpv4(error), out IcmpMessage message));
        Assert.Equal(kind, message.Kind);
        Assert.Equal(1, message.Code);
        Assert.Equal(0x5678, message.Sequence);
        Assert.True(message.IsError);
    }

    [Theory]
    [InlineData(1, IcmpKind.DestinationUnreachable)]
    [InlineData(2, IcmpKind.PacketTooBig)]
    [InlineData(3, IcmpKind.TimeExceeded)]
    public void An_IPv6_error_names_the_request_it_is_about(byte type, IcmpKind kind)
    {
        byte[] request = new byte[IcmpEcho.HeaderBytes + Payload.Length];
        IcmpEcho.WriteRequestV6(request, 0x1234, 0x5678, Payload);
        byte[] header = new byte[40];
        header[0] = 0x60;
        header[6] = 58;
        byte[] error = [type, 0, 0, 0, 0, 0, 0, 0, .. header, .. request];

        Assert.True(IcmpEcho.TryReadV6(error, out IcmpMessage message));
        Assert.Equal(kind, message.Kind);
        Assert.Equal(0x1234, message.Identifier);
        Assert.True(IcmpEcho.TryReadV6(request, out IcmpMessage echo));
        Assert.Equal(IcmpKind.EchoRequest, echo.Kind);
    }

    [Fact]
    public void A_damaged_packet_is_refused()
    {
        byte[] packet = InIpv4(Request());
        packet[^1] ^= 1;

        Assert.False(IcmpEcho.TryReadV4(packet, out _));
    }

    [Fact]
    public void A_later_fragment_is_refused()
    {
        byte[] packet = InIpv4(Request());
        packet[7] = 1;

        Assert.False(IcmpEcho.TryReadV4(packet, out _));
    }

    [Fact]
    public void Noise_and_cut_packets_are_survived()
    {
        var random = new Random(792);
        byte[] error = [3, 1, 0, 0, 0, 0, 0, 0, .. InIpv4(Request())];
        BinaryPrimitives.WriteUInt16BigEndian(error.AsSpan(2), InternetChecksum.Compute(error));
        byte[] whole = InIpv4(error);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] packet = whole[..random.Next(whole.Length + 1)];
            if (packet.Length > 0)
            {
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            }

            IcmpEcho.TryReadV4(packet, out _);
            IcmpEcho.TryReadV6(packet, out _);
            IcmpEcho.GetTimeToLiveV4(packet);
        }
    }

    private static byte[] Request()
    {
        byte[] packet = new byte[IcmpEcho.HeaderBytes + Payload.Length];
        IcmpEcho.WriteRequestV4(packet, 0x1234, 0x5678, Payload);
        Assert.True(InternetChecksum.IsValid(packet));
        return packet;
    }

    private static byte[] InIpv4(byte[] icmp)
    {
        byte[] header = new byte[20];
        header[0] = 0x45;
        header[8] = 64;
        header[9] = 1;
        return [.. header, .. icmp];
    }
}
