using Net.Overlay.Control;
using Net.Overlay.Identity;
using Net.Overlay.Sessions;

namespace Net.Overlay.Tests.Sessions;

public sealed class PeerLifecycleTests
{
    private const long Millisecond = PeerPair.Millisecond;
    private const long Second = PeerPair.Second;
    private static readonly PeerLifecycleOptions OnDemand = new() { IsPersistent = false };

    [Fact]
    public void A_node_connects_to_a_peer_that_only_waits()
    {
        var pair = new PeerPair(higherEndpoints: 0);
        Assert.Equal((PeerState.Idle, "no endpoint of the peer is known; it has to connect to us"), (pair.Higher.Life.State, pair.Higher.Life.Reason));

        pair.Run(Second);

        Assert.Equal((PeerState.Up, "connected"), (pair.Lower.Life.State, pair.Lower.Life.Reason));
        Assert.Equal((PeerState.Up, "the peer connected"), (pair.Higher.Life.State, pair.Higher.Life.Reason));
        Assert.NotNull(pair.Agreed());
    }

    [Fact]
    public void When_both_dial_at_once_the_connection_of_the_lower_id_stays()
    {
        var pair = new PeerPair();

        pair.Run(10 * Second);

        Assert.Same(pair.Lower, pair.Agreed()!.Client);
        Assert.Equal((PeerState.Up, PeerState.Up), (pair.Lower.Life.State, pair.Higher.Life.State));
        Assert.Equal(0, pair.Lower.Life.Failures + pair.Higher.Life.Failures);
    }

    [Fact]
    public void Whatever_the_delays_both_sides_come_to_the_same_connection()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var pair = new PeerPair(lowerEndpoints: random.Next(1, 4), higherEndpoints: random.Next(0, 4)) { Delay = _ => random.Next(1, 120) * Millisecond };
            for (int moves = 0; moves < 5; moves++)
            {
                pair.Run(random.Next(1, 4000) * Millisecond);
                PeerPair.Side side = random.Next(2) == 0 ? pair.Lower : pair.Higher;
                switch (random.Next(4))
                {
                    case 0:
                        pair.Restart(side);
                        break;
                    case 1 when side.Used is not null:
                        pair.Drop(side, ControlErrorCode.Unspecified, "the worker ended");
                        break;
                    case 2:
                        pair.Lower.Life.PathMoved("a test", pair.Now);
                        pair.Higher.Life.PathMoved("a test", pair.Now);
                        break;
                    default:
                        side.Life.PathMoved("a test", pair.Now);
                        break;
                }
            }

            pair.Run(120 * Second);

            Assert.True(pair.Agreed() is not null, $"seed {seed}: {pair.Lower.Life} / {pair.Higher.Life}");
            Assert.Equal((PeerState.Up, PeerState.Up), (pair.Lower.Life.State, pair.Higher.Life.State));
        }
    }

    [Fact]
    public void Endpoints_are_dialled_in_order_each_a_little_after_the_one_before()
    {
        var pair = new PeerPair(lowerEndpoints: 3, higherEndpoints: 0) { Answers = (_, endpoint) => endpoint == 2 };

        pair.Run(5 * Second);

        PeerAction[] dials = [.. pair.Lower.Actions.Where(action => action.Kind == PeerActionKind.Dial)];
        Assert.Equal([0, 1, 2], dials.Select(dial => dial.EndpointIndex));
        Assert.Equal(2, pair.Agreed()!.Endpoint);
        Assert.Equal(2, pair.Lower.Actions.Count(action => action.Kind == PeerActionKind.Close));
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_tried_again_after_longer_and_longer()
    {
        var pair = new PeerPair(higherEndpoints: 0) { Answers = (_, _) => false };
        List<long> waits = [];

        for (int round = 0; round < 10; round++)
        {
            pair.Run(600 * Second, () => pair.Lower.Life.State == PeerState.Backoff);
            waits.Add(pair.Lower.Life.NextTry - pair.Now);
            Assert.Contains("no answer within 10 s", pair.Lower.Life.Reason, StringComparison.Ordinal);
            pair.Run(600 * Second, () => pair.Lower.Life.State != PeerState.Backoff);
        }

        for (int round = 0; round < waits.Count; round++)
        {
            long longest = Math.Min(250 * Millisecond << round, 30 * Second);
            Assert.InRange(waits[round], longest / 2, longest);
        }

        Assert.Equal(10, pair.Lower.Life.Failures);
        Assert.Contains("after 10 failed tries", pair.Lower.Life.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_refuses_once_is_asked_again_soon_and_the_reason_is_kept()
    {
        var pair = new PeerPair(higherEndpoints: 0);
        pair.Higher.Refuses = ControlErrorCode.Revoked;

        pair.Run(Second);

        Assert.Equal((PeerState.Refused, "we do not want you"), (pair.Lower.Life.State, pair.Lower.Life.Reason));
        pair.Higher.Refuses = null;
        pair.Run(900 * Millisecond);
        Assert.Equal(PeerState.Refused, pair.Lower.Life.State);
        pair.Run(300 * Millisecond);
        Assert.Equal(PeerState.Up, pair.Lower.Life.State);
    }

    [Fact]
    public void A_peer_that_goes_on_refusing_is_asked_half_as_often_each_time_down_to_once_a_minute()
    {
        var pair = new PeerPair(higherEndpoints: 0);
        pair.Higher.Refuses = ControlErrorCode.NotTrusted;

        Assert.Equal([2, 4, 8, 16, 32, 60, 60], Waits(pair, 7));
    }

    [Fact]
    public void A_refusal_after_a_connection_that_lasted_is_a_first_one_and_after_one_that_did_not_it_is_not()
    {
        var pair = new PeerPair(higherEndpoints: 0);
        pair.Higher.Refuses = ControlErrorCode.NotTrusted;
        Assert.Equal([2, 4], Waits(pair, 2));

        pair.Higher.Refuses = null;
        pair.Run(30 * Second, () => pair.Lower.Life.State == PeerState.Up);
        pair.Higher.Refuses = ControlErrorCode.AddressConflict;
        pair.Drop(pair.Lower, ControlErrorCode.AddressConflict, "an address that is not yours");
        Assert.Equal((PeerState.Refused, 8), (pair.Lower.Life.State, (pair.Lower.Life.Deadline - pair.Now) / Second));

        pair.Higher.Refuses = null;
        pair.Run(30 * Second, () => pair.Lower.Life.State == PeerState.Up);
        pair.Run(6 * Second);
        pair.Drop(pair.Lower, ControlErrorCode.AddressConflict, "an address that is not yours");
        Assert.Equal((PeerState.Refused, 2), (pair.Lower.Life.State, (pair.Lower.Life.Deadline - pair.Now) / Second));
    }

    [Fact]
    public void A_refusal_ends_at_once_when_the_administrator_asks()
    {
        var pair = new PeerPair(higherEndpoints: 0);
        pair.Higher.Refuses = ControlErrorCode.NotTrusted;
        pair.Run(Second);
        pair.Higher.Refuses = null;

        pair.Lower.Life.Enable(pair.Now);
        pair.Run(Second);

        Assert.Equal(PeerState.Up, pair.Lower.Life.State);
    }

    [Fact]
    public void A_peer_switched_off_is_closed_takes_no_connection_and_can_be_switched_on()
    {
        var pair = new PeerPair();
        pair.Run(10 * Second);

        pair.Lower.Life.Disable("switched off by an administrator", pair.Now);
        pair.Run(5 * Second);

        Assert.Equal((PeerState.Disabled, "switched off by an administrator"), (pair.Lower.Life.State, pair.Lower.Life.Reason));
        Assert.Equal(PeerState.Refused, pair.Higher.Life.State);
        Assert.Equal(-1, pair.Lower.Life.Accept(pair.Now));
        pair.Lower.Life.Enable(pair.Now);
        pair.Run(5 * Second);
        Assert.Equal((PeerState.Up, PeerState.Up), (pair.Lower.Life.State, pair.Higher.Life.State));
    }

    [Fact]
    public void A_revoked_peer_is_closed_with_the_reason_for_both()
    {
        var pair = new PeerPair();
        pair.Run(10 * Second);

        pair.Lower.Life.Refuse(ControlErrorCode.Revoked, "certificate 42 was revoked by revocation list 7", pair.Now);
        pair.Run(100 * Millisecond);

        Assert.Equal((PeerState.Refused, "we refuse it: certificate 42 was revoked by revocation list 7"), (pair.Lower.Life.State, pair.Lower.Life.Reason));
        Assert.Equal((PeerState.Refused, "certificate 42 was revoked by revocation list 7"), (pair.Higher.Life.State, pair.Higher.Life.Reason));
    }

    [Fact]
    public void On_demand_a_connection_comes_with_traffic_and_goes_without()
    {
        var pair = new PeerPair(OnDemand with { IdleClose = 60 * Second });
        pair.Run(10 * Second);
        Assert.Equal((PeerState.Idle, "no traffic wants a connection"), (pair.Lower.Life.State, pair.Lower.Life.Reason));

        pair.Lower.Life.TrafficWanted(pair.Now);
        pair.Run(Second);
        Assert.Equal(PeerState.Up, pair.Lower.Life.State);
        pair.Lower.Life.TrafficSent(pair.Now);
        pair.Higher.Life.TrafficReceived(pair.Now);
        pair.Run(59 * Second);
        Assert.Equal(PeerState.Up, pair.Higher.Life.State);
        pair.Run(2 * Second);

        Assert.Equal((PeerState.Idle, PeerState.Idle), (pair.Lower.Life.State, pair.Higher.Life.State));
        Assert.Contains("there was no traffic for 60 s", pair.Lower.Life.Reason, StringComparison.Ordinal);
        Assert.Contains("there was no traffic for 60 s", pair.Higher.Life.Reason, StringComparison.Ordinal);
        pair.Higher.Life.TrafficWanted(pair.Now);
        pair.Run(Second);
        Assert.Equal(PeerState.Up, pair.Lower.Life.State);
    }

    [Fact]
    public void On_demand_tries_end_when_nobody_wants_them_any_more()
    {
        var pair = new PeerPair(OnDemand, higherEndpoints: 0) { Answers = (_, _) => false };
        pair.Lower.Life.TrafficWanted(pair.Now);

        pair.Run(300 * Second);

        Assert.Equal(PeerState.Idle, pair.Lower.Life.State);
        Assert.Contains("no traffic wants another", pair.Lower.Life.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Keepalives_hold_a_quiet_connection_and_silence_ends_it()
    {
        var pair = new PeerPair(new PeerLifecycleOptions(), higherEndpoints: 0);
        pair.Run(300 * Second);
        Assert.Equal((PeerState.Up, 0), (pair.Lower.Life.State, pair.Lower.Life.Failures));
        PeerPair.Link before = pair.Agreed()!;

        pair.Delay = _ => null;
        pair.Run(36 * Second, () => pair.Lower.Life.State != PeerState.Up);

        Assert.Equal(PeerState.Connecting, pair.Lower.Life.State);
        Assert.Contains("nothing was heard of the peer for 35", pair.Lower.Life.Reason, StringComparison.Ordinal);
        pair.Delay = _ => Millisecond;
        pair.Run(60 * Second);
        Assert.NotSame(before, pair.Agreed());
        Assert.Equal((PeerState.Up, PeerState.Up), (pair.Lower.Life.State, pair.Higher.Life.State));
    }

    [Fact]
    public void A_connection_that_lasted_is_dialled_again_at_once_when_it_ends()
    {
        var pair = new PeerPair(higherEndpoints: 0);
        pair.Run(10 * Second);

        pair.Drop(pair.Lower, ControlErrorCode.Unspecified, "the worker was killed by signal 6");
        Assert.Equal(PeerState.Connecting, pair.Lower.Life.State);
        Assert.Contains("killed by signal 6", pair.Lower.Life.Reason, StringComparison.Ordinal);
        pair.Run(200 * Millisecond);

        Assert.Equal(PeerState.Up, pair.Lower.Life.State);
        Assert.NotNull(pair.Agreed());
    }

    [Fact]
    public void A_connection_that_ends_soon_counts_as_a_failure()
    {
        var pair = new PeerPair(higherEndpoints: 0);
        pair.Run(Second);

        pair.Drop(pair.Lower, ControlErrorCode.Unspecified, "something");

        Assert.Equal((PeerState.Backoff, 1), (pair.Lower.Life.State, pair.Lower.Life.Failures));
    }

    [Fact]
    public void A_peer_that_started_anew_is_taken_back_and_the_old_connection_closed()
    {
        var pair = new PeerPair(lowerEndpoints: 0, higherEndpoints: 1);
        pair.Run(10 * Second);
        PeerPair.Link before = pair.Agreed()!;

        pair.Restart(pair.Higher);
        pair.Run(Second);

        Assert.NotSame(before, pair.Agreed());
        Assert.Contains(pair.Lower.Actions, action => action.Kind == PeerActionKind.Close && action.Reason == "the peer started anew");
        Assert.Equal(PeerState.Up, pair.Lower.Life.State);
    }

    [Fact]
    public void After_a_change_of_path_a_fresh_connection_is_used_before_the_old_one_is_closed()
    {
        var pair = new PeerPair(higherEndpoints: 0);
        pair.Run(10 * Second);
        PeerPair.Link before = pair.Agreed()!;
        pair.Lower.Actions.Clear();

        pair.Lower.Life.PathMoved("the selected endpoint changed", pair.Now);
        pair.Run(500 * Millisecond);

        PeerPair.Link after = pair.Agreed()!;
        Assert.NotSame(before, after);
        Assert.Equal(-1, after.Endpoint);
        Assert.Equal(before.Ordinal + 1, after.Ordinal);
        Assert.DoesNotContain(true, before.Closed);
        pair.Run(10 * Second);
        Assert.Equal([PeerActionKind.Dial, PeerActionKind.SendHello, PeerActionKind.Use, PeerActionKind.Close], pair.Lower.Actions.Select(action => action.Kind).Where(kind => kind != PeerActionKind.SendKeepAlive));
        Assert.Equal((1L, 1L), (pair.Lower.Life.Replacements, pair.Higher.Life.Replacements));
        Assert.Equal(PeerState.Up, pair.Lower.Life.State);
    }

    [Fact]
    public void When_both_notice_a_change_of_path_only_one_connection_is_made()
    {
        var pair = new PeerPair();
        pair.Run(10 * Second);
        pair.Lower.Actions.Clear();
        pair.Higher.Actions.Clear();

        pair.Higher.Life.PathMoved("the peer moved", pair.Now);
        pair.Lower.Life.PathMoved("we moved", pair.Now);
        pair.Run(10 * Second);

        Assert.Single(pair.Lower.Actions, action => action.Kind == PeerActionKind.Dial);
        Assert.DoesNotContain(pair.Higher.Actions, action => action.Kind == PeerActionKind.Dial);
        Assert.Same(pair.Lower, pair.Agreed()!.Client);
    }

    [Fact]
    public void The_higher_id_does_not_wait_for_the_lower_when_it_alone_can_know()
    {
        var pair = new PeerPair();
        pair.Run(10 * Second);
        PeerPair.Link before = pair.Agreed()!;

        pair.Higher.Life.PathMoved("its window is too small", pair.Now, isSeenHereOnly: true);
        pair.Run(400 * Millisecond);

        Assert.NotSame(before, pair.Agreed());
        Assert.Same(pair.Higher, pair.Agreed()!.Client);
    }

    [Fact]
    public void The_higher_id_makes_the_replacement_when_the_lower_does_not()
    {
        var pair = new PeerPair();
        pair.Run(10 * Second);
        long before = pair.Lower.Life.Replacements;

        pair.Higher.Life.PathMoved("the peer moved", pair.Now);
        pair.Run(5 * Second);

        Assert.Same(pair.Higher, pair.Agreed()!.Client);
        Assert.Equal(before + 1, pair.Lower.Life.Replacements);
    }

    [Fact]
    public void A_replacement_that_fails_is_tried_again_and_the_connection_before_stays()
    {
        var pair = new PeerPair();
        pair.Run(10 * Second);
        PeerPair.Link before = pair.Agreed()!;
        pair.Answers = (_, endpoint) => endpoint != -1;
        pair.Lower.Actions.Clear();

        pair.Lower.Life.PathMoved("we moved", pair.Now);
        pair.Run(120 * Second);

        Assert.Equal(3, pair.Lower.Actions.Count(action => action.Kind == PeerActionKind.Dial));
        Assert.Same(before, pair.Agreed());
        Assert.Equal((PeerState.Up, PeerState.Up), (pair.Lower.Life.State, pair.Higher.Life.State));
    }

    [Fact]
    public void New_endpoints_end_a_wait()
    {
        var pair = new PeerPair(lowerEndpoints: 1, higherEndpoints: 0) { Answers = (_, endpoint) => endpoint == 1 };
        pair.Run(60 * Second, () => pair.Lower.Life.Failures >= 5 && pair.Lower.Life.State == PeerState.Backoff);

        pair.Lower.Life.SetEndpoints(2, pair.Now);
        pair.Run(Second);

        Assert.Equal(PeerState.Up, pair.Lower.Life.State);
    }

    [Fact]
    public void Connections_without_a_hello_are_limited_in_number_and_time()
    {
        var pair = new PeerPair(lowerEndpoints: 0, higherEndpoints: 0);
        for (int count = 0; count < 4; count++)
        {
            Assert.InRange(pair.Lower.Life.Accept(pair.Now), 1, int.MaxValue);
        }

        Assert.Equal(-1, pair.Lower.Life.Accept(pair.Now));
        pair.Lower.Life.Tick(pair.Now + (6 * Second));

        List<PeerAction> actions = [];
        while (pair.Lower.Life.TryTakeAction(out PeerAction action))
        {
            actions.Add(action);
        }

        Assert.Equal(4, actions.Count(action => action.Kind == PeerActionKind.Close && action.Reason == "no hello within 5 s"));
        Assert.Equal(PeerState.Idle, pair.Lower.Life.State);
    }

    [Fact]
    public void A_peer_that_makes_one_connection_after_the_other_holds_only_a_few()
    {
        var pair = new PeerPair(lowerEndpoints: 0, higherEndpoints: 0);
        HashSet<int> open = [];

        for (ulong ordinal = 1; ordinal <= 100; ordinal++)
        {
            int id = pair.Lower.Life.Accept(pair.Now);
            open.Add(id);
            pair.Lower.Life.HelloAccepted(id, 7, ordinal, pair.Now);
            while (pair.Lower.Life.TryTakeAction(out PeerAction action))
            {
                _ = action.Kind == PeerActionKind.Close && open.Remove(action.Connection);
            }

            Assert.Equal(id, pair.Lower.Life.CurrentConnection);
            Assert.InRange(open.Count, 1, 5);
        }
    }

    [Fact]
    public void An_idle_pair_wakes_seldom()
    {
        var pair = new PeerPair(OnDemand);
        Assert.Equal(long.MaxValue, pair.Lower.Life.Deadline);

        pair.Lower.Life.TrafficWanted(pair.Now);
        pair.Run(25 * Second);

        Assert.InRange(pair.Lower.Life.Deadline - pair.Now, Second, 35 * Second);
    }

    // Seconds from each refusal to the next dial.
    private static List<long> Waits(PeerPair pair, int count)
    {
        List<long> waits = [];
        for (int refusal = 0; refusal < count; refusal++)
        {
            pair.Run(Second, () => pair.Lower.Life.State == PeerState.Refused);
            long refused = pair.Now;
            pair.Run(120 * Second, () => pair.Lower.Life.State != PeerState.Refused);
            waits.Add((pair.Now - refused) / Second);
        }

        return waits;
    }

    [Fact]
    public void A_node_is_no_peer_of_itself() =>
        Assert.Throws<ArgumentException>(() => new PeerLifecycle(OnDemand, NodeId.FromPublicKey(new byte[32]), NodeId.FromPublicKey(new byte[32]), 1, new Random(1), 0));
}
