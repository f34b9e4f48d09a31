using System.Net;
using Net.Overlay.Flows;
using Net.Overlay.Names;
using Net.Overlay.Routing;
using Net.Worker.Overlay;
using Net.Worker.Tests.Support;
using Net.Workers.Overlay;
using FlowRecord = Net.Workers.Overlay.FlowRecord;

namespace Net.Worker.Tests.Units;

/// <summary>Models, names, audit and tests of peers, without a worker.</summary>
public sealed class ModelTests
{
    private const long Second = 1_000_000_000;
    private static readonly DateTimeOffset s_monday = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_gateway_that_is_down_leaves_its_prefix_to_the_next()
    {
        OverlayModel source = Source() with
        {
            Routes = [new ModelRoute("192.168.0.0/16", "gateway", 0, 1), new ModelRoute("192.168.0.0/16", "gateway", 1, 2)],
        };
        var up = new HashSet<int> { 0, 1 };
        var model = CompiledModel.Compile(source, up.Contains, s_monday);
        byte[] target = [192, 168, 1, 1];

        int before = model.Routes.Lookup(target);
        up.Remove(0);
        int after = model.WithHealth(up.Contains).Routes.Lookup(target);

        Assert.Equal((0, 1), (before, after));
    }

    [Fact]
    public void A_node_that_is_down_keeps_its_own_address()
    {
        var model = CompiledModel.Compile(Source() with { Routes = [new ModelRoute("10.90.0.2/32", "node", 0, 0)] }, _ => false, s_monday);

        Assert.Equal(0, model.Routes.Lookup([10, 90, 0, 2]));
        Assert.Equal(RoutingTable.NoRoute, model.Routes.Lookup([10, 90, 0, 3]));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("PARIS", true)]
    [InlineData("rome", false)]
    [InlineData("group:staff", true)]
    [InlineData("group:guests", false)]
    [InlineData("10.90.0.2", true)]
    [InlineData("10.90.0.0/24", true)]
    [InlineData("10.91.0.0/24", false)]
    [InlineData("self", false)]
    [InlineData("a-node-that-has-not-come", false)]
    public void A_word_of_a_rule_matches_who_it_names(string word, bool matches)
    {
        var rule = new ModelRule { Name = "rule", Allow = true, From = [word], To = ["self"] };
        var model = CompiledModel.Compile(Source() with { Rules = [rule] }, _ => true, s_monday);
        var key = new FlowKey([10, 90, 0, 2], [10, 90, 0, 1], TestPackets.Tcp, 1_000, 80);

        Assert.Equal(matches, model.Policy.Evaluate(in key, fromPeer: 0, RoutingTable.LocalNode).IsAllowed);
    }

    [Theory]
    [InlineData("80", 80, true)]
    [InlineData("80", 81, false)]
    [InlineData("80-90", 90, true)]
    [InlineData("80-90", 91, false)]
    public void Ports_of_a_rule_are_single_or_ranges(string ports, int port, bool matches)
    {
        var rule = new ModelRule { Name = "rule", Allow = true, Protocol = 6, Ports = [ports] };
        var model = CompiledModel.Compile(Source() with { Rules = [rule] }, _ => true, s_monday);
        var key = new FlowKey([10, 90, 0, 2], [10, 90, 0, 1], TestPackets.Tcp, 1_000, (ushort)port);

        Assert.Equal(matches, model.Policy.Evaluate(in key, fromPeer: 0, RoutingTable.LocalNode).IsAllowed);
    }

    [Fact]
    public void A_rule_holds_only_in_its_window_and_the_policy_knows_when_that_changes()
    {
        var rule = new ModelRule { Name = "office-hours", Allow = true, Days = [DayOfWeek.Monday], StartTime = new TimeOnly(9, 0), EndTime = new TimeOnly(17, 0) };
        var model = CompiledModel.Compile(Source() with { Rules = [rule] }, _ => true, s_monday);
        var key = new FlowKey([10, 90, 0, 2], [10, 90, 0, 1], TestPackets.Tcp, 1_000, 80);

        Assert.True(model.Policy.Evaluate(in key, 0, RoutingTable.LocalNode).IsAllowed);
        Assert.Equal(s_monday.AddHours(5), model.Policy.NextChange);
        Assert.False(model.At(s_monday.AddHours(6)).Policy.Evaluate(in key, 0, RoutingTable.LocalNode).IsAllowed);
    }

    [Fact]
    public void A_peer_is_found_by_its_key()
    {
        OverlayModel source = Source();

        var model = CompiledModel.Compile(source, _ => true, s_monday);

        Assert.Equal(1, model.ByKey[Convert.ToHexString(source.Peers[1].PublicKey)]);
    }

    [Theory]
    [InlineData("10.90.0.1", "10.90.255.53")]
    [InlineData("fd90::1", "fd90::53")]
    public void A_question_is_answered_with_addresses_and_ports_turned_round(string client, string resolver)
    {
        byte[] question = TestPackets.UdpPacket(client, resolver, 40_000, 53, DnsQuestions.ForAddress("paris.office.internal", id: 7));
        byte[] answer = new byte[1_500];

        int length = NamePacket.Answer(question, answer, Names());

        byte[] packet = answer[..length];
        Assert.Equal(resolver, TestPackets.Source(packet).ToString());

        // Built anew with the right checksums, it is the same packet.
        byte[] expected = TestPackets.UdpPacket(resolver, client, 53, 40_000, TestPackets.Payload(packet));
        Assert.Equal(expected, packet);
        Assert.Equal([10, 90, 0, 2], packet[^4..]);
    }

    [Fact]
    public void What_is_no_question_gets_no_answer()
    {
        byte[] answer = new byte[1_500];
        byte[] question = DnsQuestions.ForAddress("paris.office.internal", id: 7);

        Assert.Equal(0, NamePacket.Answer(TestPackets.UdpPacket("10.90.0.1", "10.90.255.53", 40_000, 54, question), answer, Names()));
        Assert.Equal(0, NamePacket.Answer(TestPackets.TcpPacket("10.90.0.1", "10.90.255.53", 40_000, 53, TestPackets.Syn), answer, Names()));
        Assert.Equal(0, NamePacket.Answer([], answer, Names()));
    }

    [Fact]
    public void Damaged_questions_never_harm_and_answers_stay_in_bounds()
    {
        var random = new Random(41);
        byte[] answer = new byte[1_500];
        NameTable names = Names();
        byte[][] good =
        [
            TestPackets.UdpPacket("10.90.0.1", "10.90.255.53", 40_000, 53, DnsQuestions.ForAddress("paris.office.internal", id: 7)),
            TestPackets.UdpPacket("fd90::1", "fd90::53", 40_000, 53, DnsQuestions.ForAddress("paris.office.internal", id: 7)),
        ];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] packet = [.. good[round & 1]];
            for (int count = random.Next(1, 6); count > 0; count--)
            {
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            }

            int length = NamePacket.Answer(packet.AsSpan(0, random.Next(packet.Length + 1)), answer, names);

            Assert.InRange(length, 0, 1_500);
        }
    }

    [Fact]
    public void Denials_and_connections_become_records_with_times_of_the_wall_clock()
    {
        var audit = new AuditBuffer();
        audit.SetRules(2);
        var key = new FlowKey([10, 0, 0, 1], [10, 0, 0, 2], TestPackets.Tcp, 1_000, 443);
        var entry = new FlowEntry { FirstSeen = 1 * Second, LastSeen = 4 * Second, RuleIndex = 0, FromPeer = 3, ToPeer = -1, BytesSent = 100, BytesReceived = 200 };

        audit.FlowStarted(in key, in entry);
        audit.FlowEnded(in key, in entry, FlowEndReason.Idle);
        audit.FlowDenied(new FlowDenial(key, 5, -1, -1, 1, 9 * Second, 12));

        AuditReport report = audit.Take(10 * Second, s_monday)!;
        Assert.Equal(0, report.Lost);
        FlowRecord connection = Assert.Single(report.Records, record => record.IsConnection);
        Assert.Equal((3, 100L, 200L, TimeSpan.FromSeconds(3)), (connection.FromPeer, connection.SentBytes, connection.ReceivedBytes, connection.Duration));
        FlowRecord denial = Assert.Single(report.Records, record => !record.IsConnection);
        Assert.Equal((5, false, 12L, s_monday.AddSeconds(-1)), (denial.FromPeer, denial.Allowed, denial.Count, denial.Time));
        Assert.Equal([1, 0, 1], audit.Matches.ToArray());
        Assert.Null(audit.Take(10 * Second, s_monday));
    }

    [Fact]
    public void Records_that_do_not_fit_are_counted_and_told_once()
    {
        var audit = new AuditBuffer();
        for (int count = 0; count < 5_000; count++)
        {
            audit.FlowDenied(new FlowDenial(new FlowKey([10, 0, 0, 1], [10, 0, 0, 2], 6, (ushort)count, 80), 0, -1, -1, 1, 1, 1));
        }

        long lost = 0;
        long records = 0;
        while (audit.Take(1, s_monday) is { } report)
        {
            Assert.True(report.Records.Length <= 1_024);
            lost += report.Lost;
            records += report.Records.Length;
        }

        Assert.Equal(5_000, lost + records);
        Assert.True(lost > 0);
    }

    [Fact]
    public void A_peer_test_goes_from_echoes_to_size_to_throughput()
    {
        var test = new PeerTest(new TestPeer(9, 0, 2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), Mtu: true));

        test.Sent(13, now: 0);
        Assert.False(test.Answered(place: 1, now: 5));
        Assert.True(test.Answered(place: 0, now: 2_000_000));
        Assert.Equal(PeerTestStage.Echoing, test.Next(now: 2_000_000));
        test.Sent(13, now: 3_000_000);
        Assert.Equal(3_000_000 + Second, test.Deadline);
        test.Missed();
        Assert.Equal(PeerTestStage.Sizing, test.Next(now: Second));
        test.Sent(1_400, now: Second);
        Assert.True(test.Answered(place: 2, now: Second + 1));
        Assert.Equal(PeerTestStage.Filling, test.Next(now: Second));
        Assert.Equal(4 * Second, test.FillUntil);
        test.Ask(now: 4 * Second);
        test.Told(bytes: 1_000_000, nanoseconds: Second);

        PeerTested result = test.ToResult(null);
        Assert.Equal((9L, 2, 1_400, 8e6), (result.RequestId, result.Sent, result.PathMtuBytes, result.BitsPerSecond));
        Assert.Equal([TimeSpan.FromMilliseconds(2)], result.RoundTrips);
    }

    [Fact]
    public void A_round_trip_decides_whether_a_path_is_short_and_the_limits_do_not_flap()
    {
        var paths = new KnownRoundTrips();
        var lan = IPAddress.Parse("192.168.1.5");
        var far = IPAddress.Parse("203.0.113.5");

        Assert.True(paths.IsShort(lan));
        Assert.False(paths.IsShort(far));
        Assert.False(paths.Learn(lan, 5_000_000, isTakenAsShort: true));
        Assert.True(paths.IsShort(lan));
        Assert.True(paths.Learn(lan, 9_000_000, isTakenAsShort: true));
        Assert.False(paths.IsShort(lan));
        Assert.False(paths.Learn(far, 5_000_000, isTakenAsShort: false));
        Assert.True(paths.Learn(far, 1_000_000, isTakenAsShort: false));
        Assert.True(paths.IsShort(far));
    }

    [Theory]
    [InlineData(2_000_000, 1, true, true)]
    [InlineData(2_000_000, 1, false, true)]
    [InlineData(5_000_000, 1, true, true)]
    [InlineData(5_000_000, 1, false, false)]
    [InlineData(40_000_000, 7, true, false)]
    [InlineData(40_000_000, 8, true, true)]
    public void A_short_round_trip_is_certain_at_once_and_a_long_one_after_several_batches(long roundTrip, int batches, bool isTakenAsShort, bool isCertain) =>
        Assert.Equal(isCertain, KnownRoundTrips.IsCertain(roundTrip, batches, isTakenAsShort));

    [Fact]
    public void A_handshake_expects_the_round_trip_that_was_measured_and_never_less_than_it_computes()
    {
        var paths = new KnownRoundTrips();
        var lan = IPAddress.Parse("192.168.1.5");
        var far = IPAddress.Parse("203.0.113.5");

        Assert.Equal(0, paths.ExpectedRtt(far));
        paths.Learn(far, 80_000_000, isTakenAsShort: false);
        paths.Learn(lan, 200_000, isTakenAsShort: true);

        Assert.Equal(80_000_000, paths.ExpectedRtt(far));
        Assert.Equal(25_000_000, paths.ExpectedRtt(lan));
    }

    private static OverlayModel Source() => new()
    {
        Addresses = ["10.90.0.1"],
        Peers =
        [
            new ModelPeer { Index = 0, Name = "paris", PublicKey = OverlayNode.SeedOf(1), Addresses = ["10.90.0.2"], Groups = ["staff"] },
            new ModelPeer { Index = 1, Name = "rome", PublicKey = OverlayNode.SeedOf(2), Addresses = ["10.90.0.3"], Groups = ["guests"] },
        ],
    };

    private static NameTable Names() =>
        NameTable.Build("office", [new NameEntry("paris", [], [CompiledModel.ToHostPrefix("10.90.0.2")])], [CompiledModel.ToHostPrefix("10.90.0.2")], 1);
}
