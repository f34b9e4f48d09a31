using System.Net;
using Net.Testing;

namespace Net.Relay.Tests.State;

public sealed class DuplicateFilterTests
{
    private const long Millisecond = 1_000_000;
    private static readonly RelayAddress Left = RelayAddress.From(IPAddress.Parse("10.0.0.1"));
    private static readonly RelayAddress Right = RelayAddress.From(IPAddress.Parse("10.0.0.2"));
    private readonly DuplicateFilter _filter = new();

    public static TheoryData<string> Kinds => ["RTP", "plain"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_two_sources_with_loss_and_delay_each_packet_passes_once(string kind)
    {
        const int Count = 20_000;
        var random = new Random(41);
        var arrivals = new List<(long Time, int Number, RelayAddress Source)>();
        var sent = new HashSet<int>();
        for (int number = 0; number < Count; number++)
        {
            foreach ((RelayAddress source, int delay) in new[] { (Left, 0), (Right, 20) })
            {
                if (random.Next(20) != 0)
                {
                    arrivals.Add(((number * 100_000L) + (delay * Millisecond) + random.Next(50_000), number, source));
                    sent.Add(number);
                }
            }
        }

        var passed = new List<int>();
        foreach ((long time, int number, RelayAddress source) in arrivals.OrderBy(arrival => arrival.Time))
        {
            if (_filter.Accept(source, kind == "RTP" ? Payloads.Rtp(number) : Payloads.Plain(number), time + 1))
            {
                passed.Add(number);
            }
        }

        Assert.Equal(sent.Order(), passed.Order());
    }

    [Fact]
    public void A_source_may_repeat_a_payload_and_the_other_ones_repetitions_are_duplicates()
    {
        byte[] heartbeat = Payloads.Plain(0);
        int passed = 0;
        for (int round = 0; round < 1000; round++)
        {
            passed += _filter.Accept(round % 2 == 0 ? Left : Right, heartbeat, (round * 10 * Millisecond) + 1) ? 1 : 0;
            passed += _filter.Accept(round % 2 == 0 ? Right : Left, heartbeat, (round * 10 * Millisecond) + 2) ? 1 : 0;
        }

        Assert.Equal(1000, passed);
    }

    [Fact]
    public void A_repetition_one_source_lost_comes_from_the_other()
    {
        byte[] heartbeat = Payloads.Plain(0);

        Assert.True(_filter.Accept(Left, heartbeat, 1));
        Assert.False(_filter.Accept(Right, heartbeat, 2));
        Assert.True(_filter.Accept(Right, heartbeat, 3));
        Assert.False(_filter.Accept(Left, heartbeat, 4));
    }

    [Fact]
    public void A_payload_is_new_again_after_two_seconds()
    {
        Assert.True(_filter.Accept(Left, Payloads.Plain(5), 1));
        Assert.False(_filter.Accept(Right, Payloads.Plain(5), 1999 * Millisecond));
        Assert.True(_filter.Accept(Right, Payloads.Plain(5), 5000 * Millisecond));
    }

    [Fact]
    public void A_path_far_behind_brings_nothing_new_and_does_not_turn_the_stream_back()
    {
        long now = 1;
        for (int number = 0; number < 60_000; number++, now += 20_000)
        {
            Assert.True(_filter.Accept(Left, Payloads.Rtp(number), now));
            if (number >= 20_000)
            {
                Assert.False(_filter.Accept(Right, Payloads.Rtp(number - 20_000), now + 1), $"{number}");
            }
        }
    }

    [Fact]
    public void A_stream_that_stood_still_may_begin_anywhere()
    {
        for (int number = 0; number < 100; number++)
        {
            _ = _filter.Accept(Left, Payloads.Rtp(number), (number * Millisecond) + 1);
        }

        Assert.True(_filter.Accept(Left, Payloads.Rtp(40_000), 2000 * Millisecond));
        Assert.False(_filter.Accept(Right, Payloads.Rtp(40_000), 2001 * Millisecond));
        Assert.True(_filter.Accept(Right, Payloads.Rtp(40_001), 2002 * Millisecond));
    }

    [Fact]
    public void More_sources_and_streams_than_are_kept_do_no_harm()
    {
        for (int round = 0; round < 100; round++)
        {
            for (int source = 0; source < 10; source++)
            {
                RelayAddress address = RelayAddress.From(new IPAddress([10, 0, 1, (byte)source]));
                Assert.True(_filter.Accept(address, Payloads.Rtp(round, (uint)source), (round * Millisecond) + source + 1));
            }
        }
    }

    [Fact]
    public void A_payload_that_comes_for_the_70_000th_time_still_passes()
    {
        byte[] heartbeat = Payloads.Plain(1);
        for (int round = 1; round <= 70_000; round++)
        {
            Assert.True(_filter.Accept(Left, heartbeat, round));
        }
    }

    [Fact]
    public void Deciding_allocates_nothing()
    {
        byte[][] payloads = [.. Enumerable.Range(0, 100).Select(number => number % 2 == 0 ? Payloads.Rtp(number) : Payloads.Plain(number))];
        long now = 1;

        Assert.Equal(0, Allocations.Least(() =>
        {
            foreach (byte[] payload in payloads)
            {
                _ = _filter.Accept(Left, payload, ++now);
                _ = _filter.Accept(Right, payload, ++now);
            }
        }));
    }
}
