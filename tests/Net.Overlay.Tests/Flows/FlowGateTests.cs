using Net.Overlay.Flows;
using Net.Overlay.Policy;
using Net.Overlay.Routing;
using Net.Testing;

namespace Net.Overlay.Tests.Flows;

public sealed class FlowGateTests
{
    private const string A = "100.64.0.1";
    private const string B = "100.64.0.2";
    private const int Local = RoutingTable.LocalNode;
    private const int Peer = 0;
    private const long Second = 1_000_000_000;

    private static readonly PolicyPeer[] Peers =
    [
        new(Local, "a", [], [OverlayPrefix.Parse(A), OverlayPrefix.Parse("fd00::1")]),
        new(Peer, "b", [], [OverlayPrefix.Parse(B), OverlayPrefix.Parse("fd00::2")]),
    ];

    private readonly FlowRecordQueue _records = new(64);
    private readonly FlowGate _gate;

    public FlowGateTests() => _gate = new FlowGate(256, seed: 42, _records);

    [Fact]
    public void Answers_of_an_allowed_flow_pass_although_nothing_may_be_opened_that_way()
    {
        PolicySet policy = AllowOut();

        Assert.Equal(FlowVerdict.Deny, In(Packets.Tcp(B, 22, A, 4000, Packets.Syn | Packets.Ack), policy));
        Assert.Equal(FlowVerdict.Allow, Out(Packets.Tcp(A, 4000, B, 22, Packets.Syn), policy));
        Assert.Equal(FlowVerdict.Allow, In(Packets.Tcp(B, 22, A, 4000, Packets.Syn | Packets.Ack), policy));
        Assert.Equal((2, 1), (_gate.Allowed, _gate.Denied));
    }

    [Fact]
    public void The_answering_side_may_not_open_on_the_ports_of_an_allowed_connection()
    {
        PolicySet policy = AllowOut();
        Out(Packets.Tcp(A, 4000, B, 22, Packets.Syn), policy);
        In(Packets.Tcp(B, 22, A, 4000, Packets.Syn | Packets.Ack), policy);

        Assert.Equal(FlowVerdict.Deny, In(Packets.Tcp(B, 22, A, 4000, Packets.Syn), policy));
        Assert.Equal(FlowVerdict.Allow, In(Packets.Tcp(B, 22, A, 4000, Packets.Ack), policy));
    }

    [Fact]
    public void A_denied_flow_does_not_deny_what_the_other_side_may_open()
    {
        PolicySet policy = PolicySet.NoRules;

        Assert.Equal(FlowVerdict.Deny, In(Packets.Udp(B, 53, A, 4000), policy));
        Assert.Equal(FlowVerdict.Allow, Out(Packets.Udp(A, 4000, B, 53), policy));
        Assert.Equal(FlowVerdict.Allow, In(Packets.Udp(B, 53, A, 4000), policy));
    }

    [Fact]
    public void Without_rules_this_node_opens_and_is_answered_and_peers_open_nothing()
    {
        Assert.Equal(FlowVerdict.Deny, In(Packets.Tcp(B, 4000, A, 22, Packets.Syn), PolicySet.NoRules));
        Assert.Equal(FlowVerdict.Deny, _gate.Check(Packets.Tcp(B, 4000, "100.64.0.3", 22, Packets.Syn), Peer, 5, 0, PolicySet.NoRules));
        Assert.Equal(FlowVerdict.Allow, Out(Packets.Tcp(A, 4000, B, 22, Packets.Syn), PolicySet.NoRules));
        Assert.Equal(FlowVerdict.Allow, In(Packets.Tcp(B, 22, A, 4000, Packets.Syn | Packets.Ack), PolicySet.NoRules));
    }

    [Fact]
    public void A_policy_that_changed_is_asked_again()
    {
        PolicySet deny = Compile(Rule("out", false, from: Local, to: Peer));
        Out(Packets.Udp(A, 4000, B, 53), AllowOut());

        Assert.Equal(FlowVerdict.Deny, In(Packets.Udp(B, 53, A, 4000), deny));
        Assert.Equal(FlowVerdict.Deny, Out(Packets.Udp(A, 4000, B, 53), deny));
        Assert.Equal(FlowVerdict.Allow, Out(Packets.Udp(A, 4000, B, 53), AllowOut()));
        Assert.Contains(Records(), record => record is { Kind: FlowRecordKind.Ended, EndReason: FlowEndReason.Revoked });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_connection_a_changed_policy_takes_from_a_peer_is_not_taken_up_again_by_this_nodes_answers(bool isAnswerFirst)
    {
        PolicySet before = Compile(Rule("in", true, from: Peer, to: Local));
        In(Packets.Tcp(B, 4000, A, 22, Packets.Syn), before);
        Out(Packets.Tcp(A, 22, B, 4000, Packets.Syn | Packets.Ack), before);
        In(Packets.Tcp(B, 4000, A, 22, Packets.Ack), before);

        for (int round = 0; round < 4; round++)
        {
            long now = round * 120 * Second;
            _gate.Sweep(now, 256);
            Assert.Equal(FlowVerdict.Deny, isAnswerFirst ? Out(Packets.Tcp(A, 22, B, 4000, Packets.Ack), PolicySet.NoRules, now) : In(Packets.Tcp(B, 4000, A, 22, Packets.Ack), PolicySet.NoRules, now));
            Assert.Equal(FlowVerdict.Deny, isAnswerFirst ? In(Packets.Tcp(B, 4000, A, 22, Packets.Ack), PolicySet.NoRules, now) : Out(Packets.Tcp(A, 22, B, 4000, Packets.Ack), PolicySet.NoRules, now));
        }

        Assert.Equal(FlowVerdict.Allow, Out(Packets.Tcp(A, 22, B, 4000, Packets.Syn), PolicySet.NoRules, 400 * Second));
        Assert.Equal([FlowRecordKind.Started, FlowRecordKind.Ended], Records().Where(record => record.Kind != FlowRecordKind.Denied).Take(2).Select(record => record.Kind));
    }

    [Fact]
    public void A_connection_that_was_taken_goes_on_when_the_policy_allows_it_again()
    {
        PolicySet allow = Compile(Rule("in", true, from: Peer, to: Local));
        In(Packets.Udp(B, 53, A, 4000), allow);

        Assert.Equal(FlowVerdict.Deny, Out(Packets.Udp(A, 4000, B, 53), PolicySet.NoRules));
        Assert.Equal(FlowVerdict.Deny, In(Packets.Udp(B, 53, A, 4000), PolicySet.NoRules));
        Assert.Equal(FlowVerdict.Allow, Out(Packets.Udp(A, 4000, B, 53), Compile(Rule("in", true, from: Peer, to: Local))));
    }

    [Fact]
    public void Packets_against_a_denied_flow_or_an_allowed_connection_are_put_to_the_policy_once()
    {
        PolicySet policy = Compile(Rule("out", false, from: Local, to: Peer) with { DestinationPorts = PortSet.OfPorts(53) });
        Out(Packets.Udp(A, 4000, B, 53), policy);
        Out(Packets.Tcp(A, 4000, B, 22, Packets.Syn), policy);
        Assert.Equal(2, _gate.Evaluations);

        for (int count = 0; count < 1000; count++)
        {
            Assert.Equal(FlowVerdict.Deny, In(Packets.Udp(B, 53, A, 4000), policy));
            Assert.Equal(FlowVerdict.Deny, In(Packets.Tcp(B, 22, A, 4000, Packets.Syn), policy));
        }

        Assert.Equal(4, _gate.Evaluations);
        Assert.Equal(FlowVerdict.Allow, In(Packets.Udp(B, 53, A, 4000), Compile(Rule("in", true, from: Peer, to: Local))));
    }

    [Fact]
    public void A_flow_that_comes_from_another_peer_is_asked_about_again()
    {
        PolicySet policy = Compile(Rule("in", true, from: Peer, to: Local));
        In(Packets.Udp(B, 53, A, 4000), policy);

        Assert.Equal(FlowVerdict.Deny, _gate.Check(Packets.Udp(B, 53, A, 4000), fromPeer: 5, toPeer: Local, 0, policy));
    }

    [Theory]
    [InlineData(A, B, 8, 0)]
    [InlineData("fd00::1", "fd00::2", 128, 129)]
    public void A_ping_is_answered_and_the_other_side_may_not_ping_back(string from, string to, byte request, byte reply)
    {
        PolicySet policy = AllowOut();
        Out(Packets.Icmp(from, to, request, 9), policy);

        Assert.Equal(FlowVerdict.Allow, In(Packets.Icmp(to, from, reply, 9), policy));
        Assert.Equal(FlowVerdict.Deny, In(Packets.Icmp(to, from, request, 9), policy));
        Assert.Equal(FlowVerdict.Deny, In(Packets.Icmp(to, from, reply, 10), policy));
    }

    [Fact]
    public void An_error_about_an_allowed_flow_passes_and_one_about_another_does_not()
    {
        PolicySet policy = AllowOut();
        byte[] sent = Packets.Udp(A, 4000, B, 53, payload: 100);
        Out(sent, policy);

        Assert.Equal(FlowVerdict.Allow, In(Packets.Icmp(B, A, 3, 0, sent[..28]), policy));
        Assert.Equal(FlowVerdict.Deny, In(Packets.Icmp(B, A, 3, 0, Packets.Udp(A, 4001, B, 53)), policy));
        Assert.Equal(FlowVerdict.Deny, In(Packets.Icmp(B, "100.64.0.9", 3, 0, sent[..28]), policy));
        Assert.Equal(FlowVerdict.Deny, _gate.Check(Packets.Icmp(B, A, 3, 0, sent[..28]), fromPeer: 7, Local, 0, policy));
    }

    [Fact]
    public void Later_fragments_follow_the_first()
    {
        PolicySet policy = Compile(Rule("dns", true, from: Local, to: Peer) with { DestinationPorts = PortSet.OfPorts(53) });
        (byte[] first, byte[] later) = Packets.Split(Packets.Udp(A, 4000, B, 53, payload: 100), 64);

        Assert.Equal(FlowVerdict.UnknownFragment, Out(later, policy));
        Assert.Equal(FlowVerdict.Allow, Out(first, policy));
        Assert.Equal(FlowVerdict.Allow, Out(later, policy));
        Assert.Equal(FlowVerdict.UnknownFragment, Out(later, policy, now: 61 * Second));
        Assert.Equal(2, _gate.UnknownFragments);
    }

    [Fact]
    public void A_connection_is_reported_from_start_to_end_with_what_it_carried()
    {
        PolicySet policy = AllowOut();
        Out(Packets.Tcp(A, 4000, B, 22, Packets.Syn), policy, 1 * Second);
        In(Packets.Tcp(B, 22, A, 4000, Packets.Syn | Packets.Ack), policy, 2 * Second);
        Out(Packets.Tcp(A, 4000, B, 22, Packets.Ack, payload: 60), policy, 3 * Second);
        Out(Packets.Tcp(A, 4000, B, 22, Packets.Fin | Packets.Ack), policy, 4 * Second);

        Assert.Equal(0, _gate.Sweep(23 * Second, 256));
        Assert.Equal(1, _gate.Sweep(24 * Second, 256));

        List<FlowRecord> records = Records();
        Assert.Equal([FlowRecordKind.Started, FlowRecordKind.Ended], records.Select(record => record.Kind));
        Assert.Equal(FlowEndReason.Closed, records[1].EndReason);
        Assert.Equal((3, 180, 1, 40), (records[1].Entry.PacketsSent, records[1].Entry.BytesSent, records[1].Entry.PacketsReceived, records[1].Entry.BytesReceived));
        Assert.Equal((1 * Second, 4 * Second), (records[1].Entry.FirstSeen, records[1].Entry.LastSeen));
        Assert.Equal(4000, records[1].Key.SourcePort);
    }

    [Fact]
    public void A_new_connection_on_the_ports_of_one_that_closed_is_a_new_one()
    {
        PolicySet policy = AllowOut();
        Out(Packets.Tcp(A, 4000, B, 22, Packets.Syn), policy);
        In(Packets.Tcp(B, 22, A, 4000, Packets.Reset | Packets.Ack), policy);

        Out(Packets.Tcp(A, 4000, B, 22, Packets.Syn), policy);

        Assert.Equal([FlowRecordKind.Started, FlowRecordKind.Ended, FlowRecordKind.Started], Records().Select(record => record.Kind));
    }

    [Fact]
    public void Flows_of_a_rule_that_does_not_log_are_not_recorded()
    {
        PolicySet policy = Compile(Rule("out", true, from: Local, to: Peer) with { Log = false }, Rule("quiet", false, from: Peer, to: Local) with { Log = false });

        Out(Packets.Udp(A, 4000, B, 53), policy);
        In(Packets.Udp(B, 99, A, 98), policy);
        _gate.Clear();

        Assert.Empty(Records());
        Assert.Equal(0, _gate.Flows);
    }

    [Fact]
    public void Denials_are_recorded_once_a_second_with_their_number()
    {
        for (int count = 0; count < 1000; count++)
        {
            In(Packets.Tcp(B, 1000 + count, A, 22, Packets.Syn), PolicySet.NoRules, count * Second / 400);
        }

        _gate.Sweep(10 * Second, 8);

        List<FlowRecord> records = Records();
        Assert.Equal(4, records.Count);
        Assert.Equal([1, 400, 400, 199], records.Select(record => record.DeniedPackets));
        Assert.All(records, record => Assert.Equal((Peer, PolicyDecision.DefaultRule), (record.Entry.FromPeer, record.Entry.RuleIndex)));
        Assert.Equal(1000, _gate.Denied);
    }

    [Fact]
    public void An_offload_buffer_counts_as_the_packets_it_becomes()
    {
        _gate.Check(Packets.Tcp(A, 4000, B, 22, Packets.Syn), Local, Peer, 0, AllowOut(), packets: 44);

        Assert.Equal(44, _gate.Allowed);
    }

    [Fact]
    public void Both_directions_of_a_flow_have_one_hash_for_queues()
    {
        PolicySet policy = AllowOut();
        Out(Packets.Udp(A, 4000, B, 53), policy);
        uint there = _gate.LastFlowHash;
        In(Packets.Udp(B, 53, A, 4000), policy);

        Assert.Equal(there, _gate.LastFlowHash);
        Out(Packets.Udp(A, 4001, B, 53), policy);
        Assert.NotEqual(there, _gate.LastFlowHash);
    }

    [Fact]
    public void Nothing_is_allocated_for_packets_new_flows_or_denials()
    {
        PolicySet policy = AllowOut();
        byte[] outbound = Packets.Udp(A, 4000, B, 53);
        byte[] inbound = Packets.Tcp(B, 9, A, 22, Packets.Syn);
        Out(outbound, policy);
        In(inbound, policy);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int count = 0; count < 20_000; count++)
            {
                outbound[21] = (byte)count;
                inbound[21] = (byte)count;
                Out(outbound, policy, count * 1000L);
                In(inbound, policy, count * 1000L);
                _gate.Sweep(count * 1000L, 8);
            }
        }));
    }

    [Fact]
    public void Spoiled_packets_leave_the_gate_as_it_should_be()
    {
        var random = new Random(3);
        byte[][] corpus = Corpus.Read("packets");
        PolicySet policy = AllowOut();
        for (int count = 0; count < 30_000; count++)
        {
            byte[] packet = Corpus.Mutate(corpus[random.Next(corpus.Length)], random);
            _gate.Check(packet, random.Next(-1, 3), random.Next(-1, 3), count * 100_000L, policy);
            _gate.Sweep(count * 100_000L, 8);
        }

        Assert.Equal(30_000, _gate.Allowed + _gate.Denied + _gate.Malformed + _gate.UnknownFragments);
        Assert.InRange(_gate.Malformed, 300, 29_700);
        Assert.InRange(_gate.Flows, 1, 256);
    }

    private FlowVerdict Out(byte[] packet, PolicySet policy, long now = 0) => _gate.Check(packet, Local, Peer, now, policy);

    private FlowVerdict In(byte[] packet, PolicySet policy, long now = 0) => _gate.Check(packet, Peer, Local, now, policy);

    private List<FlowRecord> Records()
    {
        var records = new List<FlowRecord>();
        while (_records.TryRead(out FlowRecord record))
        {
            records.Add(record);
        }

        return records;
    }

    private static PolicySet AllowOut() => Compile(Rule("out", true, from: Local, to: Peer));

    private static PolicySet Compile(params PolicyRule[] rules) => PolicySet.Compile(rules, Peers, DateTimeOffset.UnixEpoch);

    private static PolicyRule Rule(string id, bool allow, int from, int to) => new()
    {
        Id = id,
        Allow = allow,
        From = new PolicyEndpoints { Peers = [from] },
        To = new PolicyEndpoints { Peers = [to] },
        Log = true,
    };
}
