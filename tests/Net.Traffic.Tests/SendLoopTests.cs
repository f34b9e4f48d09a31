using System.Net;
using Net.Packets;
using Net.Testing;
using Net.Traffic.Tests.Support;

namespace Net.Traffic.Tests;

public sealed class SendLoopTests
{
    private static readonly TrafficPlan Plan = new()
    {
        Interface = "eth0",
        Destination = IPAddress.Parse("239.1.1.1"),
        Port = 5000,
        Duration = TimeSpan.FromSeconds(2),
        PacketsPerSecond = 1_000,
        PayloadBytes = 64,
    };

    [Fact]
    public void The_rate_holds_over_the_whole_time_and_three_packets_say_that_it_ends()
    {
        (TrafficSent sent, RecordingOutput output) = Run(Plan);

        Assert.Equal(2_000 + SendLoop.EndPackets, sent.Packets);
        Assert.Equal(sent.Packets * 64, sent.Bytes);
        Assert.Equal(0, sent.Missed);
        Assert.Equal(TimeSpan.FromSeconds(2), sent.Elapsed);
        Assert.Equal(Enumerable.Range(0, 2_003).Select(number => (ulong)number), output.Sent.Select(packet => packet.Header.Sequence));
        Assert.Equal([2, 1, 0], output.Sent.Where(packet => packet.Header.IsEnd).Select(packet => packet.Header.Remaining));
    }

    [Fact]
    public void Packets_leave_when_they_are_due_and_say_so()
    {
        (_, RecordingOutput output) = Run(Plan with { PacketsPerSecond = 3, Duration = TimeSpan.FromSeconds(1) });

        Assert.Equal([0, 333_333_334, 666_666_667], output.Sent.Take(3).Select(packet => packet.Time - 1_000_000_000));
        Assert.All(output.Sent, packet => Assert.Equal(packet.Time, packet.Header.SentNanoseconds));
    }

    [Fact]
    public void Streams_take_turns_and_go_to_their_own_groups_and_ports()
    {
        (_, RecordingOutput output) = Run(Plan with { Streams = 6, Groups = 3, Ports = 2, FirstStream = 100 });

        Assert.Equal([100u, 101u, 102u, 103u, 104u, 105u, 100u], output.Sent.Take(7).Select(packet => packet.Header.Stream));
        Assert.Equal([0, 1, 2, 3, 4, 5, 0], output.Sent.Take(7).Select(packet => packet.Destination));
        foreach (IGrouping<uint, (TrafficHeader Header, int Destination, long Time)> stream in output.Sent.GroupBy(packet => packet.Header.Stream))
        {
            Assert.Equal(Enumerable.Range(0, stream.Count()).Select(number => (ulong)number), stream.Select(packet => packet.Header.Sequence));
            Assert.Single(stream.Select(packet => packet.Destination).Distinct());
            Assert.Equal(SendLoop.EndPackets, stream.Count(packet => packet.Header.IsEnd));
        }

        Assert.Equal(
            ["239.1.1.1:5000", "239.1.1.2:5000", "239.1.1.3:5000", "239.1.1.1:5001", "239.1.1.2:5001", "239.1.1.3:5001"],
            TrafficAddresses.Destinations(Plan with { Groups = 3, Ports = 2 }).Select(destination => destination.ToString()));
    }

    [Fact]
    public void Without_a_rate_batches_are_full_and_runs_as_long_as_the_kernel_cuts()
    {
        (TrafficSent sent, RecordingOutput output) = Run(Plan with { PacketsPerSecond = 0, Duration = TimeSpan.FromMilliseconds(10) }, cost: 1_000);

        Assert.InRange(sent.Packets, 10_000, 10_000 + 128 + SendLoop.EndPackets);
        Assert.All(output.Batches.SkipLast(SendLoop.EndPackets), batch => Assert.Equal(128, batch));
        Assert.All(output.Runs.SkipLast(SendLoop.EndPackets), run => Assert.Equal(64, run));
    }

    [Fact]
    public void What_cannot_be_kept_up_with_is_left_out_and_counted()
    {
        (TrafficSent sent, _) = Run(Plan with { PacketsPerSecond = 2_000_000, Duration = TimeSpan.FromSeconds(0.1) }, cost: 1_000);

        Assert.InRange(sent.Packets, 99_900, 100_300);
        Assert.InRange(sent.Missed, 80_000, 100_000);
    }

    [Fact]
    public void It_ends_after_the_number_of_packets_asked_for()
    {
        (TrafficSent sent, _) = Run(Plan with { Packets = 10, Duration = TimeSpan.FromHours(1) });

        Assert.Equal(10 + SendLoop.EndPackets, sent.Packets);
    }

    [Fact]
    public void A_token_ends_it_in_good_order()
    {
        var clock = new ManualClock();
        using var output = new RecordingOutput(clock, 64);
        using CancellationTokenSource stop = new();
        List<TrafficProgress> seen = [];

        TrafficSent sent = new SendLoop(Plan with { Duration = TimeSpan.FromHours(1) }, 1, clock, output).Run(
            progress =>
            {
                seen.Add(progress);
                stop.Cancel();
            },
            stop.Token);

        Assert.Equal(1_000, Assert.Single(seen).Packets, 2d);
        Assert.Equal(1_000 + SendLoop.EndPackets, sent.Packets, 2d);
        Assert.True(output.Sent[^1].Header is { IsEnd: true, Remaining: 0 });
    }

    [Fact]
    public void The_ends_of_slow_streams_are_not_waited_for()
    {
        var clock = new ManualClock();
        using var output = new RecordingOutput(clock, 64);

        new SendLoop(Plan with { Streams = 500, PacketsPerSecond = 1, Duration = TimeSpan.FromSeconds(1) }, 1, clock, output).Run(null, CancellationToken.None);

        Assert.Equal(1_501, output.Sent.Count);
        Assert.InRange(clock.Now, 2_000_000_000, 2_250_000_000);
    }

    [Fact]
    public void Nothing_taken_at_all_is_an_error_that_says_why()
    {
        var clock = new ManualClock();
        using var output = new RecordingOutput(clock, 64) { Refuses = true };

        TrafficException failure = Assert.Throws<TrafficException>(() => new SendLoop(Plan, 1, clock, output).Run(null, CancellationToken.None));

        Assert.Equal("The kernel takes no packet to 239.1.1.1 out of eth0: Network is unreachable.", failure.Message);
    }

    [Fact]
    public void Bodies_differ_from_place_to_place_and_times_can_be_of_TAI()
    {
        (_, RecordingOutput output) = Run(Plan with { PacketsPerSecond = 0, Packets = 128, PayloadBytes = 100, UsesTai = true }, cost: 1);

        Assert.Equal(128, output.Payloads.Take(128).Select(payload => Convert.ToHexString(payload.AsSpan(TrafficHeader.Bytes))).Distinct().Count());
        Assert.All(output.Sent, packet => Assert.True(packet.Header.IsTai && packet.Header.SentNanoseconds >= 38_000_000_000));
    }

    [Fact]
    public void Sending_allocates_nothing_per_packet()
    {
        var clock = new ManualClock();
        using var output = new CountingOutput(clock);
        SendLoop loop = new(Plan with { PacketsPerSecond = 200_000, Duration = TimeSpan.FromSeconds(1), Streams = 7 }, 1, clock, output);

        long allocated = Allocations.Least(() => Assert.True(loop.Run(null, CancellationToken.None).Packets > 200_000));

        // The least object for each packet would be 5 MB.
        Assert.True(allocated < 2_000, $"{allocated} bytes were allocated");
    }

    private static (TrafficSent Sent, RecordingOutput Output) Run(TrafficPlan plan, long cost = 0)
    {
        var clock = new ManualClock();
        var output = new RecordingOutput(clock, plan.PayloadBytes) { CostNanoseconds = cost };
        return (new SendLoop(plan, plan.FirstStream ?? 1, clock, output).Run(null, CancellationToken.None), output);
    }

    private sealed class CountingOutput(ManualClock clock) : ITrafficOutput
    {
        private readonly byte[] _memory = new byte[64 * 128];
        private int _queued;

        public int Capacity => 128;

        public int MostRun => 64;

        public long Refused => 0;

        public string? Problem => null;

        public Span<byte> Payload(int index) => _memory.AsSpan(index * 64, 64);

        public void Queue(int first, int count, int destination) => _queued += count;

        public int Flush()
        {
            int packets = _queued;
            _queued = 0;
            clock.Now += 100 * packets;
            return packets;
        }

        public void Dispose()
        {
        }
    }
}
