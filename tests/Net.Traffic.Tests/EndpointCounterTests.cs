using System.Net;
using Net.Packets;
using Net.Testing;

namespace Net.Traffic.Tests;

public sealed class EndpointCounterTests
{
    private const long Now = 5_000_000_000;

    private static readonly TrafficListen Listen = new()
    {
        Endpoints = [new TrafficEndpoint("eth0", IPAddress.Parse("239.1.1.1"), 5000)],
        Duration = TimeSpan.FromSeconds(1),
        MostStreams = 2,
    };

    [Fact]
    public void Latency_is_from_the_stamp_to_the_arrival()
    {
        EndpointCounter counter = Make();
        for (int number = 1; number <= 100; number++)
        {
            counter.Take(Packet(1, number - 1, Now), Now + (number * 10), 0);
        }

        TrafficReport report = counter.Report(0);

        Assert.Equal((100, 6_400), (report.Received, report.Bytes));
        Assert.Equal((10, 505, 1_000), (report.Latency!.Minimum, report.Latency.Mean, report.Latency.Maximum));
        Assert.Equal(500, report.Latency.P50, 4d);
        Assert.Equal(990, report.Latency.P99, 8d);
        Assert.Equal(TimeSpan.FromTicks(9), report.Elapsed);
    }

    [Fact]
    public void A_changed_byte_anywhere_is_seen()
    {
        byte[] packet = Packet(1, 7, Now, bytes: 90);
        for (int index = 5; index < packet.Length; index++)
        {
            EndpointCounter counter = Make();
            byte[] changed = [.. packet];
            changed[index] ^= 0x10;

            counter.Take(changed, Now, 0);

            Assert.Equal((0, 1), (counter.Report(0).Received, counter.Report(0).Corrupt));
        }
    }

    [Fact]
    public void A_cut_or_lengthened_packet_is_corrupt_and_a_strange_one_foreign()
    {
        EndpointCounter counter = Make();
        byte[] packet = Packet(1, 0, Now);

        counter.Take(packet.AsSpan(0, 40), Now, 0);
        counter.Take(packet.AsSpan(0, 20), Now, 0);
        counter.Take([.. packet, 0], Now, 0);
        counter.Take("something else altogether, long enough to be one"u8, Now, 0);
        counter.Take([], Now, 0);

        TrafficReport report = counter.Report(0);
        Assert.Equal((0, 3, 2), (report.Received, report.Corrupt, report.Foreign));
        Assert.Null(report.Latency);
        Assert.Null(report.LossRatio);
    }

    [Fact]
    public void Without_verification_only_the_header_counts()
    {
        EndpointCounter counter = new(Listen.Endpoints[0], Listen with { VerifiesPayload = false });
        byte[] packet = Packet(1, 0, Now);
        packet[50] ^= 1;

        counter.Take(packet, Now, 0);

        Assert.Equal((1, 0), (counter.Report(0).Received, counter.Report(0).Corrupt));
    }

    [Fact]
    public void A_clock_that_cannot_be_compared_leaves_latency_unknown()
    {
        EndpointCounter early = Make();
        early.Take(Packet(1, 0, Now), Now - 1_000_000, 0);
        EndpointCounter late = Make();
        late.Take(Packet(1, 0, Now), Now + 3_600_000_000_000, 0);
        EndpointCounter nearly = Make();
        nearly.Take(Packet(1, 0, Now), Now - 1_000, 0);

        Assert.Null(early.Report(0).Latency);
        Assert.Null(late.Report(0).Latency);
        Assert.Equal(0, nearly.Report(0).Latency!.Maximum);
    }

    [Fact]
    public void Times_of_TAI_are_compared_with_TAI()
    {
        EndpointCounter counter = Make();
        byte[] packet = new byte[64];
        new TrafficHeader(1, 0, Now + 37_000_000_000) { IsTai = true }.Write(packet, TrafficHeader.HashBody(packet));

        counter.Take(packet, Now + 250, 37_000_000_000);

        Assert.Equal(250, counter.Report(0).Latency!.P50);
    }

    [Fact]
    public void Streams_beyond_the_limit_are_received_and_not_told_apart()
    {
        EndpointCounter counter = Make();
        for (uint stream = 0; stream < 5; stream++)
        {
            counter.Take(Packet(stream, 0, Now), Now, 0);
        }

        TrafficReport report = counter.Report(0);

        Assert.Equal((5, 3, 2), (report.Received, report.Untracked, report.Streams));
    }

    [Fact]
    public void It_is_over_when_every_stream_said_so()
    {
        EndpointCounter counter = Make();
        counter.Take(Packet(1, 0, Now, end: true), Now, 0);
        counter.Take(Packet(2, 0, Now), Now, 0);

        Assert.False(counter.IsEnded);

        counter.Take(Packet(2, 1, Now, end: true), Now, 0);

        Assert.True(counter.IsEnded);
        Assert.Equal(0, counter.Lost);
    }

    [Fact]
    public void The_longest_silence_is_between_two_packets()
    {
        EndpointCounter counter = Make();
        counter.Take(Packet(1, 0, Now), Now, 0);
        counter.Take(Packet(1, 1, Now), Now + 1_000_000, 0);
        counter.Take(Packet(1, 2, Now), Now + 301_000_000, 0);
        counter.Take(Packet(1, 3, Now), Now + 302_000_000, 0);

        Assert.Equal(TimeSpan.FromMilliseconds(300), counter.Report(0).LongestGap);
    }

    [Fact]
    public void Endpoints_add_up_and_the_same_packet_at_two_of_them_is_no_duplicate()
    {
        EndpointCounter[] counters = [Make(), Make()];
        foreach (EndpointCounter counter in counters)
        {
            counter.Take(Packet(1, 0, Now), Now + 100, 0);
            counter.Take(Packet(1, 2, Now), Now + 100, 0);
        }

        TrafficReport all = EndpointCounter.Combine(counters, [counters[0].Report(3), counters[1].Report(4)]);

        Assert.Equal((4, 2, 0, 7), (all.Received, all.Lost, all.Duplicate, all.Overrun));
        Assert.Equal(1 / 3.0, all.LossRatio!.Value, 6);
        Assert.Equal(2, all.Endpoints.Count);
        Assert.Equal(100, all.Latency!.P50);
    }

    [Fact]
    public void Counting_allocates_nothing_per_packet()
    {
        EndpointCounter counter = Make();
        byte[] packet = Packet(1, 0, Now);
        uint hash = TrafficHeader.HashBody(packet);
        counter.Take(packet, Now, 0);

        int number = 1;
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int count = 0; count < 100_000; count++, number++)
            {
                new TrafficHeader(1, (ulong)number, Now).Write(packet, hash);
                counter.Take(packet, Now + number, 0);
            }
        }));
        Assert.Equal(number, counter.Received);
    }

    [Fact]
    public void Whatever_comes_in_does_no_harm()
    {
        Random random = new(4);
        EndpointCounter counter = Make();
        byte[] packet = Packet(1, 3, Now, bytes: 200);
        for (int round = 0; round < 50_000; round++)
        {
            byte[] fuzzed = [.. packet.AsSpan(0, random.Next(packet.Length + 1))];
            for (int change = random.Next(4); change > 0 && fuzzed.Length > 0; change--)
            {
                fuzzed[random.Next(fuzzed.Length)] = (byte)random.Next(256);
            }

            counter.Take(fuzzed, Now + round, 0);
        }

        TrafficReport report = counter.Report(0);
        Assert.Equal(50_000, report.Received + report.Duplicate + report.Corrupt + report.Foreign);
        Assert.True(report.Corrupt > 10_000 && report.Foreign > 1_000 && report.Duplicate > 10);
    }

    private static EndpointCounter Make() => new(Listen.Endpoints[0], Listen);

    private static byte[] Packet(uint stream, int sequence, long sent, int bytes = 64, bool end = false)
    {
        byte[] packet = new byte[bytes];
        new Random(sequence).NextBytes(packet);
        new TrafficHeader(stream, (ulong)sequence, sent) { IsEnd = end }.Write(packet, TrafficHeader.HashBody(packet));
        return packet;
    }
}
