using Net.Overlay.Flows;
using Net.Overlay.Policy;
using Net.Overlay.Routing;

namespace Net.Overlay.Tests.Flows;

public sealed class FlowRunTests
{
    private const string A = "100.64.0.1";
    private const string B = "100.64.0.2";
    private const string A6 = "fd00::1";
    private const string B6 = "fd00::2";
    private const int Local = RoutingTable.LocalNode;
    private const int Peer = 0;
    private const int OtherPeer = 1;

    private static readonly PolicySet Policy = PolicySet.Compile(
        [
            new PolicyRule { Id = "in", Allow = true, From = new PolicyEndpoints { Peers = [Peer] }, To = new PolicyEndpoints { Peers = [Local] }, Log = true },
            new PolicyRule { Id = "out", Allow = true, From = new PolicyEndpoints { Peers = [Local] }, To = new PolicyEndpoints { Peers = [Peer] }, Log = true },
        ],
        [
            new(Local, "a", [], [OverlayPrefix.Parse(A), OverlayPrefix.Parse(A6)]),
            new(Peer, "b", [], [OverlayPrefix.Parse(B), OverlayPrefix.Parse(B6)]),
        ],
        DateTimeOffset.UnixEpoch);

    private readonly FlowRecordQueue _records = new(4096);
    private readonly FlowGate _gate;

    public FlowRunTests() => _gate = new FlowGate(256, seed: 42, _records);

    [Theory]
    [InlineData(B, A)]
    [InlineData(B6, A6)]
    public void Segments_behind_an_allowed_one_go_on_its_run_and_are_counted_in_its_flow(string from, string to)
    {
        byte[] segment = Packets.Tcp(from, 22, to, 4000, Packets.Ack, payload: 100);
        Begin(segment);

        Assert.True(_gate.ContinuesRun(segment, Peer));
        Assert.True(_gate.ContinuesRun(segment, Peer));
        _gate.Clear();

        FlowRecord end = Assert.Single(Records(), record => record.Kind == FlowRecordKind.Ended);
        Assert.Equal((3, 3 * segment.Length, 0), (end.Entry.PacketsSent, end.Entry.BytesSent, end.Entry.PacketsReceived));
        Assert.Equal(3, _gate.Allowed);
    }

    [Fact]
    public void Datagrams_that_answer_are_counted_as_answers()
    {
        byte[] answer = Packets.Udp(B, 53, A, 4000, payload: 30);
        _gate.Check(Packets.Udp(A, 4000, B, 53), Local, Peer, 0, Policy);
        Begin(answer);

        Assert.True(_gate.ContinuesRun(answer, Peer));
        _gate.Clear();

        FlowRecord end = Assert.Single(Records(), record => record.Kind == FlowRecordKind.Ended);
        Assert.Equal((1, 2), (end.Entry.PacketsSent, end.Entry.PacketsReceived));
    }

    public static TheoryData<string, byte[]> Others => new()
    {
        { "another source", Packets.Tcp("100.64.0.3", 22, A, 4000, Packets.Ack) },
        { "another destination", Packets.Tcp(B, 22, "100.64.0.9", 4000, Packets.Ack) },
        { "another source port", Packets.Tcp(B, 23, A, 4000, Packets.Ack) },
        { "another destination port", Packets.Tcp(B, 22, A, 4001, Packets.Ack) },
        { "another protocol", Packets.Udp(B, 22, A, 4000, payload: 20) },
        { "another version", Packets.Tcp(B6, 22, A6, 4000, Packets.Ack) },
        { "the opening of a connection", Packets.Tcp(B, 22, A, 4000, Packets.Syn) },
        { "its end", Packets.Tcp(B, 22, A, 4000, (byte)(Packets.Ack | 0x01)) },
        { "its reset", Packets.Tcp(B, 22, A, 4000, 0x04) },
        { "the answer", Packets.Tcp(A, 4000, B, 22, Packets.Ack) },
        { "a first fragment", Packets.Split(Packets.Tcp(B, 22, A, 4000, Packets.Ack, payload: 200), 64).First },
        { "a later fragment", Packets.Split(Packets.Tcp(B, 22, A, 4000, Packets.Ack, payload: 200), 64).Later },
        { "a packet that is longer than it says", [.. Packets.Tcp(B, 22, A, 4000, Packets.Ack), 0] },
        { "a packet that was cut off", Packets.Tcp(B, 22, A, 4000, Packets.Ack, payload: 40)[..50] },
        { "nothing", [] },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Everything_else_has_to_be_checked(string what, byte[] packet)
    {
        Assert.NotNull(what);
        byte[] segment = Packets.Tcp(B, 22, A, 4000, Packets.Ack);
        Begin(segment);

        Assert.False(_gate.ContinuesRun(packet, Peer));
        Assert.False(_gate.ContinuesRun(segment, OtherPeer));
        Assert.True(_gate.ContinuesRun(segment, Peer));
    }

    [Fact]
    public void A_run_is_over_when_it_is_ended_and_when_any_other_packet_is_checked()
    {
        byte[] segment = Packets.Tcp(B, 22, A, 4000, Packets.Ack);
        Begin(segment);
        _gate.EndRun();
        Assert.False(_gate.ContinuesRun(segment, Peer));

        Begin(segment);
        _gate.Check(Packets.Udp(B, 53, A, 53), Peer, Local, 0, Policy);
        Assert.False(_gate.ContinuesRun(segment, Peer));
    }

    [Fact]
    public void With_and_without_runs_every_packet_gets_the_same_verdict_and_every_flow_the_same_record()
    {
        var random = new Random(20261127);
        byte[][] corpus = Corpus.Read("packets");
        var withoutRecords = new FlowRecordQueue(1 << 16);
        var withRecords = new FlowRecordQueue(1 << 16);
        var without = new FlowGate(256, seed: 7, withoutRecords);
        var with = new FlowGate(256, seed: 7, withRecords);
        int continued = 0;
        byte[] packet = corpus[0];
        for (int count = 0; count < 30_000; count++)
        {
            // Mostly what was before, as it comes from a network; now and then something spoiled, or a packet of this kind of addresses.
            packet = random.Next(8) switch
            {
                0 => Corpus.Mutate(corpus[random.Next(corpus.Length)], random),
                1 => Corpus.Mutate(packet, random),
                2 => Packets.Tcp(B, 22 + random.Next(2), A, 4000, (byte)random.Next(64), random.Next(100)),
                3 => Packets.Udp(B, 53, A, 4000 + random.Next(2), random.Next(100)),
                _ => packet,
            };
            int from = random.Next(20) == 0 ? OtherPeer : Peer;
            long now = count / 20 * 1_000_000L;
            if (count % 20 == 0)
            {
                with.EndRun();
            }

            FlowVerdict expected = without.Check(packet, from, Local, now, Policy);
            if (with.ContinuesRun(packet, from))
            {
                continued++;
                Assert.Equal(FlowVerdict.Allow, expected);
                continue;
            }

            Assert.Equal(expected, with.Check(packet, from, Local, now, Policy));
            if (expected == FlowVerdict.Allow)
            {
                with.BeginRun(packet, from);
            }
        }

        without.Clear();
        with.Clear();
        Assert.InRange(continued, 3_000, 30_000);
        Assert.Equal((without.Allowed, without.Denied, without.Malformed, without.UnknownFragments), (with.Allowed, with.Denied, with.Malformed, with.UnknownFragments));
        Assert.Equal(All(withoutRecords), All(withRecords));
    }

    private void Begin(byte[] packet)
    {
        Assert.Equal(FlowVerdict.Allow, _gate.Check(packet, Peer, Local, 0, Policy));
        _gate.BeginRun(packet, Peer);
    }

    private List<FlowRecord> Records() => All(_records);

    private static List<FlowRecord> All(FlowRecordQueue records)
    {
        var all = new List<FlowRecord>();
        while (records.TryRead(out FlowRecord record))
        {
            all.Add(record);
        }

        return all;
    }
}
