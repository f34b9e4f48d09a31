using Net.Contracts;
using Net.Engine.Relay.Api;
using Net.Relay;
using Net.Workers.Relay;

namespace Net.Engine.Tests.Relay;

/// <summary>What a trace tells of packets that a worker took together.</summary>
public sealed class RelayTraceTests
{
    private readonly RelayTrace _trace = new("iptv", hasFrames: false, index => $"eth{index}", _ => DateTimeOffset.UnixEpoch, snapLength: 64);

    [Fact]
    public void Each_packet_of_a_batch_has_its_own_outputs_and_reason()
    {
        TracedPacket[] batch = [Record(7, -1), Record(8, -1), Record(9, -1, RelayDrop.Source), Record(7, 0), Record(8, 0), Record(7, 1), Record(8, 1, RelayDrop.Rate)];

        List<RelayTracedPacket> packets = _trace.Take(batch);

        Assert.Equal([1L, 2L, 3L], packets.Select(packet => packet.Number));
        Assert.Equal(["0,1", "0", ""], packets.Select(packet => string.Join(',', packet.Outputs!)));
        Assert.Equal([null, RelayDropReason.Rate, RelayDropReason.Source], packets.Select(packet => packet.Drop));
    }

    [Fact]
    public void A_fragmented_packet_names_its_output_once_and_numbers_go_on()
    {
        _ = _trace.Take([Record(1, -1)]);

        RelayTracedPacket packet = Assert.Single(_trace.Take([Record(2, -1), Record(2, 0), Record(2, 0)]));

        Assert.Equal(2, packet.Number);
        Assert.Equal([0], packet.Outputs!);
        Assert.Equal("eth3", packet.InterfaceAlias);
    }

    [Theory]
    [InlineData(156)]
    [InlineData(92)]
    public void Of_packets_that_came_joined_in_one_frame_each_tells_its_own_length(int toldLength)
    {
        const int link = 14;
        const int headers = 28;
        const int payload = 64;
        byte[] frame = new byte[link + headers + payload];
        frame[12] = 0x08;
        frame[link] = 0x45;
        frame[link + 3] = (byte)toldLength;
        frame[link + 8] = 16;
        var trace = new RelayTrace("iptv", hasFrames: true, index => $"eth{index}", _ => DateTimeOffset.UnixEpoch, snapLength: 64);

        RelayTracedPacket packet = Assert.Single(trace.Take([Record(1, -1) with { Length = frame.Length, Data = frame[..(link + headers + 10)] }]));

        Assert.Equal((headers + payload, 16), (packet.LengthBytes, packet.Ttl));
    }

    private static TracedPacket Record(int number, int output, RelayDrop? drop = null) =>
        new() { Number = number, TimeNanoseconds = 1, Output = output, InterfaceIndex = 3, Length = 4, Drop = drop, Data = [1, 2, 3, 4] };
}
