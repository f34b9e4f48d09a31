using System.Buffers.Binary;
using System.Net;
using Net.Packets;
using Net.Platform.Linux.Relay;

namespace Net.Traffic.Tests;

public sealed class PlanTests
{
    private static readonly TrafficPlan Plan = new()
    {
        Interface = "eth0",
        Destination = IPAddress.Parse("239.255.255.250"),
        Port = 65_535,
        Duration = TimeSpan.FromSeconds(1),
    };

    private static readonly TrafficListen Listen = new()
    {
        Endpoints = [new TrafficEndpoint("eth0", IPAddress.Parse("239.1.1.1"), 5000)],
        Duration = TimeSpan.FromSeconds(1),
    };

    public static TheoryData<string> WrongPlans => [.. Wrong.Keys];

    private static readonly Dictionary<string, TrafficPlan> Wrong = new(StringComparer.Ordinal)
    {
        ["The payload must be 32 bytes, which its header needs, to 65,507; 31 is not."] = Plan with { PayloadBytes = 31 },
        ["The number of ports must be 1 to 64, and the last one 65,535 at most."] = Plan with { Ports = 2 },
        ["The port must be 1 to 65,535."] = Plan with { Port = 0 },
        ["10.0.0.1 is no multicast group, so it cannot be the first of 2."] = Plan with { Destination = IPAddress.Parse("10.0.0.1"), Groups = 2 },
        ["17 groups from 239.255.255.250 leave the range of groups."] = Plan with { Groups = 17 },
        ["The rate must be 0 (no limit) to 1,000,000,000 packets a second."] = Plan with { PacketsPerSecond = -1 },
        ["The duration must be longer than nothing."] = Plan with { Duration = TimeSpan.Zero },
        ["The number of streams must be 1 to 65,536."] = Plan with { Streams = 0 },
        ["Source and destination must both be IPv4 or both be IPv6."] = Plan with { Source = IPAddress.IPv6Loopback },
        ["Live frames go to multicast groups."] = Plan with { Kind = TrafficSender.LiveFrames, Destination = IPAddress.Parse("10.0.0.1") },
        ["The streams of live frames must be a multiple of the groups times the ports."] = Plan with { Kind = TrafficSender.LiveFrames, Groups = 3, Streams = 4 },
        ["The payload of live frames is 2,938 bytes at most."] = Plan with { Kind = TrafficSender.LiveFrames, PayloadBytes = 2_939 },
    };

    [Theory]
    [MemberData(nameof(WrongPlans))]
    public void A_plan_that_cannot_be_sent_says_why(string problem) => Assert.Equal(problem, Assert.Single(Wrong[problem].Validate()));

    [Fact]
    public void Good_plans_have_no_problems()
    {
        Assert.Empty(Plan.Validate());
        Assert.Empty((Plan with { Destination = IPAddress.Parse("ff15::1"), Groups = 500, Streams = 500, Kind = TrafficSender.LiveFrames }).Validate());
        Assert.Empty(Listen.Validate());
    }

    [Fact]
    public void A_place_that_cannot_be_listened_to_says_why()
    {
        Assert.Equal(["1 to 64 places to listen at are needed."], (Listen with { Endpoints = [] }).Validate());
        TrafficEndpoint wrong = new("", IPAddress.Parse("10.0.0.1"), 5000) { Source = IPAddress.Parse("10.0.0.2") };
        Assert.Equal(
            ["An interface to listen at is needed.", "A source can be chosen of a group only."],
            (Listen with { Endpoints = [wrong, wrong] }).Validate());
        TrafficException failure = Assert.Throws<TrafficException>(() => TrafficReceiver.Open(Listen with { IdleTimeout = TimeSpan.Zero }));
        Assert.Equal("The idle time must be longer than nothing.", failure.Message);
    }

    [Fact]
    public void An_interface_that_is_not_there_is_named()
    {
        TrafficException send = Assert.Throws<TrafficException>(() => TrafficGenerator.Open(Plan with { Interface = "no-such0" }));
        TrafficException frames = Assert.Throws<TrafficException>(() => TrafficGenerator.Open(Plan with { Interface = "no-such0", Kind = TrafficSender.LiveFrames }));
        TrafficException receive = Assert.Throws<TrafficException>(() => TrafficReceiver.Open(Listen with { Endpoints = [Listen.Endpoints[0] with { Interface = "no-such0" }] }));

        Assert.StartsWith("Nothing can be sent from no-such0: find the interface no-such0: No such device", send.Message, StringComparison.Ordinal);
        Assert.Equal("There is no interface no-such0.", frames.Message);
        Assert.StartsWith("Nothing can be received: find the interface no-such0: No such device", receive.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("239.129.2.3", "01005e010203", 42)]
    [InlineData("ff15::1:2:3", "333300020003", 62)]
    public void A_live_frame_has_the_headers_of_its_group_and_a_payload_of_ours(string group, string mac, int payload)
    {
        bool isIPv6 = group.Contains(':', StringComparison.Ordinal);
        TrafficPlan plan = Plan with { Destination = IPAddress.Parse(group), Port = 5000, PayloadBytes = 100, Groups = 4, Ports = 2, Streams = 8, Kind = TrafficSender.LiveFrames };

        byte[] frame = LiveFrameSender.BuildFrame(plan, [2, 0, 0, 0, 0, 1], IPAddress.Parse(isIPv6 ? "2001:db8::1" : "10.9.0.1"), 77);

        Assert.Equal(payload + 100, frame.Length);
        Assert.Equal(mac + "020000000001" + (isIPv6 ? "86dd" : "0800"), Convert.ToHexStringLower(frame.AsSpan(0, 14)));
        Assert.Equal(5000, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(payload - 6)));
        Assert.Equal(108, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(payload - 4)));
        Assert.True(TrafficHeader.TryRead(frame.AsSpan(payload), out TrafficHeader header) && TrafficHeader.IsIntact(frame.AsSpan(payload)));
        Assert.Equal((77u, true), (header.Stream, header.IsStampedInKernel));

        FrameVariation[] variations = LiveFrameSender.Variations(plan, 77);
        Assert.Contains(new FrameVariation(payload + 16, 8, Every: 8), variations);
        Assert.Contains(new FrameVariation(payload + 8, 4, First: 77, Count: 8), variations);
        Assert.Contains(new FrameVariation(payload + 24, 8, IsTime: true), variations);
        Assert.Contains(new FrameVariation(payload - 6, 2, First: 5000, Every: 4, Count: 2), variations);
        Assert.Contains(new FrameVariation(payload - 12, 4, First: BinaryPrimitives.ReadUInt32BigEndian(plan.Destination.GetAddressBytes().AsSpan(^4..)), Count: 4), variations);
        Assert.Contains(new FrameVariation(2, 4, First: Convert.ToUInt32(mac[4..], 16), Count: 4), variations);
    }
}
