using System.Net;
using Net.Testing;

namespace Net.Relay.Tests.State;

public sealed class SequenceAnalyzerTests
{
    private static readonly PacketView Packet = Samples.View(new FrameBuilder());
    private readonly SequenceAnalyzer _analyzer = new();
    private long _now;

    [Fact]
    public void Nothing_is_missing_in_a_whole_RTP_stream_over_many_laps()
    {
        for (int sequence = 65_000; sequence < 300_000; sequence++)
        {
            See(Payloads.Rtp(sequence));
        }

        AssertCounts(0, 0, 0);
    }

    [Fact]
    public void Lost_late_and_repeated_RTP_packets_are_counted()
    {
        foreach (int sequence in new[] { 65_530, 65_531, 65_532, 65_535, 65_534, 65_536, 65_536, 65_540, 65_532 })
        {
            See(Payloads.Rtp(sequence));
        }

        // 65,533 and 65,537..65,539 never came; 65,534 came late.
        AssertCounts(lost: 4, reordered: 1, duplicates: 2);
    }

    [Fact]
    public void Streams_are_counted_each_for_itself()
    {
        PacketView other = Samples.View(new FrameBuilder { Destination = IPAddress.Parse("239.1.1.2") });
        for (int sequence = 0; sequence < 1000; sequence++)
        {
            See(Payloads.Rtp(sequence, ssrc: 1));
            See(Payloads.Rtp(sequence * 7 % 65536, ssrc: 2, bytes: 12)[..11]);
            See(Payloads.Rtp(sequence + 500, ssrc: 3));
            _analyzer.See(other, Payloads.Rtp(sequence + 20_000, ssrc: 1), ++_now);
        }

        AssertCounts(0, 0, 0);
    }

    [Fact]
    public void A_sender_that_begins_anew_has_lost_nothing()
    {
        foreach (int sequence in new[] { 1, 2, 3, 40_000, 40_001, 40_002, 40_004 })
        {
            See(Payloads.Rtp(sequence));
        }

        AssertCounts(lost: 1, reordered: 0, duplicates: 0);
    }

    [Fact]
    public void Random_payloads_are_not_taken_for_RTP()
    {
        var random = new Random(31);
        byte[] payload = new byte[100];
        for (int round = 0; round < 100_000; round++)
        {
            random.NextBytes(payload);
            See(payload);
        }

        AssertCounts(0, 0, 0);
    }

    [Fact]
    public void RTCP_is_not_counted_with_RTP()
    {
        See(Payloads.Rtp(1));
        See(Payloads.Rtp(2));
        byte[] report = Payloads.Rtp(900);
        report[1] = 200;
        See(report);
        See(Payloads.Rtp(3));

        AssertCounts(0, 0, 0);
    }

    [Fact]
    public void Transport_stream_counters_are_followed_for_each_PID()
    {
        for (int round = 0; round < 100; round++)
        {
            See(Payloads.TransportStream((0x100, round, 0x10), (0x200, round * 3 / 3, 0x30), (0x1FFF, round * 5, 0x10)));
        }

        AssertCounts(0, 0, 0);

        See(Payloads.TransportStream((0x100, 100 + 3, 0x10), (0x200, 100, 0x10)));
        AssertCounts(lost: 3, reordered: 0, duplicates: 0);
    }

    [Fact]
    public void A_transport_stream_packet_may_come_twice_but_not_three_times()
    {
        See(Payloads.TransportStream((0x100, 4, 0x10), (0x100, 5, 0x10), (0x100, 5, 0x10), (0x100, 6, 0x10)));
        AssertCounts(lost: 0, reordered: 0, duplicates: 1);

        See(Payloads.TransportStream((0x100, 6, 0x10), (0x100, 6, 0x10)));
        AssertCounts(lost: 15, reordered: 0, duplicates: 2);
    }

    [Fact]
    public void Transport_stream_packets_without_payload_do_not_count_and_announced_jumps_are_none()
    {
        See(Payloads.TransportStream((0x100, 4, 0x10), (0x100, 4, 0x20), (0x100, 4, 0x20), (0x100, 5, 0x10), (0x100, 12, 0x31), (0x100, 13, 0x10)));

        AssertCounts(0, 0, 0);
    }

    [Fact]
    public void Our_generators_streams_are_counted()
    {
        foreach (ulong sequence in new ulong[] { 0, 1, 2, 5, 4, 5, 6 })
        {
            See(Payloads.Generator(1, sequence));
            See(Payloads.Generator(2, sequence + 1_000_000_000_000));
        }

        AssertCounts(lost: 2, reordered: 2, duplicates: 2);
    }

    [Fact]
    public void A_long_gap_of_our_generator_is_loss_and_a_restart_is_not()
    {
        See(Payloads.Generator(1, 10));
        See(Payloads.Generator(1, 100_010));
        AssertCounts(lost: 99_999, reordered: 0, duplicates: 0);

        See(Payloads.Generator(1, 0));
        See(Payloads.Generator(1, 1));
        AssertCounts(lost: 99_999, reordered: 0, duplicates: 0);
    }

    [Fact]
    public void More_streams_than_are_kept_do_no_harm()
    {
        for (int round = 0; round < 20; round++)
        {
            for (uint stream = 1; stream <= 20; stream++)
            {
                See(Payloads.Rtp(round, stream));
                See(Payloads.Generator(stream, (ulong)round));
            }
        }

        AssertCounts(0, 0, 0);
    }

    [Fact]
    public void Looking_allocates_nothing()
    {
        byte[][] payloads = [Payloads.Rtp(1), Payloads.TransportStream((1, 1, 0x10), (2, 2, 0x10)), Payloads.Generator(1, 1), Payloads.Plain(1)];

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int round = 0; round < 1000; round++)
            {
                foreach (byte[] payload in payloads)
                {
                    _analyzer.See(Packet, payload, ++_now);
                }
            }
        }));
    }

    private void See(byte[] payload) => _analyzer.See(Packet, payload, ++_now);

    private void AssertCounts(long lost, long reordered, long duplicates) =>
        Assert.Equal((lost, reordered, duplicates), (_analyzer.Lost, _analyzer.Reordered, _analyzer.Duplicates));
}
