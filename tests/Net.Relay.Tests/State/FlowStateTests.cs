using System.Net;
using Net.Testing;

namespace Net.Relay.Tests.State;

public sealed class FlowStateTests
{
    private const long Second = 1_000_000_000;
    private static readonly FrameBuilder Frame = new();

    [Fact]
    public void What_comes_in_and_goes_out_is_counted()
    {
        var state = new FlowState(Samples.Flow(5, null, Samples.Target(), Samples.Target(3)), now: 1);
        var report = new List<RelayCounters>();

        Assert.True(Admit(state, Frame, 10));
        Assert.True(Admit(state, Frame, 20));
        state.CountSent(0, 2, 66, 30);
        state.CountDrop(1, RelayDrop.Queue, 2);
        state.AddCounters(report, now: 40);

        Assert.Equal([(5, -1, 2L, 66L, 20L), (5, 0, 2L, 66L, 30L), (5, 1, 0L, 0L, 0L)], report.Select(point => (point.RuleId, point.Output, point.Packets, point.Bytes, point.LastSeenNanoseconds)));
        Assert.Equal(1, report[0].Sources);
        Assert.Empty(report[0].Drops);
        Assert.Equal(2, report[2].Drops[(int)RelayDrop.Queue]);
        Assert.Equal(RelayDrops.Count, report[2].Drops.Length);
    }

    [Fact]
    public void A_report_of_changes_has_what_changed()
    {
        var state = new FlowState(Samples.Flow(5, null, Samples.Target(), Samples.Target(3)), now: 1);
        var report = new List<RelayCounters>();
        state.AddCounters(report, 1, changedOnly: true);
        Assert.Empty(report);

        state.CountDrop(1, RelayDrop.Queue);
        state.AddCounters(report, 1, changedOnly: true);
        Assert.Equal([1], report.Select(point => point.Output));

        report.Clear();
        state.AddCounters(report, 1, changedOnly: true);
        Assert.Empty(report);
    }

    [Fact]
    public void Only_allowed_sources_may_send()
    {
        var state = new FlowState(Samples.Flow() with { AllowedSources = [AddressPrefix.Parse("10.0.0.0/30"), AddressPrefix.Parse("10.0.0.9")] }, now: 1);

        Assert.False(Admit(state, Frame, 1, RelayDrop.Source));
        Assert.True(Admit(state, Frame with { Source = IPAddress.Parse("10.0.0.3") }, 2));
        Assert.True(Admit(state, Frame with { Source = IPAddress.Parse("10.0.0.9") }, 3));
        Assert.False(Admit(state, Frame with { Source = IPAddress.Parse("10.0.0.8") }, 4, RelayDrop.Source));
        Assert.False(Admit(state, Frame with { Source = IPAddress.Parse("10.0.0.8") }, 5, RelayDrop.Source));
        Assert.Equal(3, state.DropsOf(RelayCounters.Input, RelayDrop.Source));
        Assert.Equal(5, state.PacketsReceived);
    }

    [Fact]
    public void An_IPv6_prefix_of_allowed_sources_lets_no_IPv4_pass()
    {
        var state = new FlowState(Samples.Flow() with { AllowedSources = [AddressPrefix.Parse("::/0")] }, now: 1);

        Assert.False(Admit(state, Frame, 1, RelayDrop.Source));
    }

    [Fact]
    public void What_left_with_our_own_address_and_comes_in_again_is_a_loop()
    {
        RelayTarget target = Samples.Target() with { SourceMode = SourceMode.Interface, Source = IPAddress.Parse("10.0.0.5") };

        Assert.False(Admit(new FlowState(Samples.Flow(1, null, target, target), now: 1), Frame, 1, RelayDrop.Loop));
        Assert.True(Admit(new FlowState(Samples.Flow(1, null, target with { SourceMode = SourceMode.Fixed }), now: 1), Frame, 1));
    }

    [Fact]
    public void Hot_standby_relays_one_source()
    {
        var state = new FlowState(Samples.Flow() with { Duplicates = DuplicateMode.Standby, PreferredSource = IPAddress.Parse("10.0.0.9"), StandbyAfterMilliseconds = 100 }, now: 1);
        Assert.Null(state.ActiveSource);

        Assert.True(Admit(state, Frame, 1));
        Assert.False(Admit(state, Frame with { Source = IPAddress.Parse("10.0.0.9") }, 2, RelayDrop.Standby));
        Assert.True(Admit(state, Frame with { Source = IPAddress.Parse("10.0.0.9") }, Second));
        Assert.Equal("10.0.0.9", state.ActiveSource.ToString());
        Assert.Equal(1, state.SourceSwitches);
    }

    [Fact]
    public void Duplicates_are_suppressed_and_not_counted_as_received_twice_in_the_sequence()
    {
        var state = new FlowState(Samples.Flow() with { Duplicates = DuplicateMode.Suppress, AnalyzeSequence = true }, now: 1);
        FrameBuilder other = Frame with { Source = IPAddress.Parse("10.0.0.6") };
        for (int number = 0; number < 10; number++)
        {
            bool isLost = number == 5;
            if (!isLost)
            {
                Assert.True(Admit(state, Frame with { Payload = Payloads.Rtp(number) }, number + 1));
                Assert.False(Admit(state, other with { Payload = Payloads.Rtp(number) }, number + 1, RelayDrop.Duplicate));
            }
        }

        var report = new List<RelayCounters>();
        state.AddCounters(report, 20);
        Assert.Equal((1L, 0L, 0L, 2), (report[0].Lost, report[0].Reordered, report[0].Duplicates, report[0].Sources));
    }

    [Fact]
    public void Outputs_are_limited_and_paused_each_for_itself()
    {
        var state = new FlowState(Samples.Flow(1, null, Samples.Target() with { PacketsPerSecond = 10 }, Samples.Target() with { IsPaused = true }, Samples.Target()), now: 1);

        Assert.True(state.TryAdmitOutput(0, 100, 1, out _));
        Assert.False(state.TryAdmitOutput(0, 100, 1, out RelayDrop rate));
        Assert.False(state.TryAdmitOutput(1, 100, 1, out RelayDrop paused));
        Assert.True(state.TryAdmitOutput(2, 100, 1, out _));

        Assert.Equal((RelayDrop.Rate, RelayDrop.Paused), (rate, paused));
        Assert.Equal((1, 1), (state.DropsOf(0, RelayDrop.Rate), state.DropsOf(1, RelayDrop.Paused)));
    }

    [Fact]
    public void A_changed_rule_goes_on_with_its_counters_and_memory()
    {
        RelayFlow flow = Samples.Flow(1, null, Samples.Target() with { PacketsPerSecond = 10 }, Samples.Target(3)) with { Duplicates = DuplicateMode.Suppress, AnalyzeSequence = true };
        var before = new FlowState(flow, now: 1);
        Assert.True(Admit(before, Frame with { Payload = Payloads.Plain(1) }, 1));
        before.CountSent(0, 1, 100, 1);
        before.CountSent(1, 1, 100, 1);
        Assert.True(before.TryAdmitOutput(0, 100, 1, out _));
        uint identification = before.NextIdentification(0);

        RelayFlow changed = flow with { Targets = [flow.Targets[0], Samples.Target(4) with { Port = 9 }, Samples.Target(5)] };
        var after = new FlowState(changed, now: 2, before);

        Assert.Equal(1, after.PacketsReceived);
        Assert.False(Admit(after, Frame with { Source = IPAddress.Parse("10.0.0.6"), Payload = Payloads.Plain(1) }, 2, RelayDrop.Duplicate));
        Assert.False(after.TryAdmitOutput(0, 100, 2, out _));
        Assert.Equal(identification + 1, after.NextIdentification(0));
        Assert.Same(before.Rewrite(0), after.Rewrite(0));
        Assert.Equal(9, after.Rewrite(1).Target.Port);
        var report = new List<RelayCounters>();
        after.AddCounters(report, 2);
        Assert.Equal([1L, 1L, 0L], report.Skip(1).Select(point => point.Packets));
        Assert.Equal(3, after.OutputCount);
    }

    [Fact]
    public void Hot_standby_keeps_its_source_when_something_else_of_the_rule_changes()
    {
        RelayFlow flow = Samples.Flow() with { Duplicates = DuplicateMode.Standby };
        var before = new FlowState(flow, now: 1);
        Assert.True(Admit(before, Frame, 1));

        var same = new FlowState(flow with { Targets = [Samples.Target(9)] }, now: 2, before);
        var other = new FlowState(flow with { StandbyAfterMilliseconds = 60 }, now: 2, before);

        Assert.Equal("10.0.0.5", same.ActiveSource.ToString());
        Assert.Null(other.ActiveSource);
    }

    [Fact]
    public void Sources_are_bounded_and_forgotten_after_a_minute()
    {
        var state = new FlowState(Samples.Flow(), now: 1);
        for (int host = 0; host < 200; host++)
        {
            Assert.True(Admit(state, Frame with { Source = IPAddress.Parse($"10.0.1.{host}") }, host + 1));
        }

        Span<RelayAddress> addresses = new RelayAddress[20];
        Span<long> seen = new long[20];
        int count = state.Sources.CopyTo(addresses, seen);
        var report = new List<RelayCounters>();
        state.AddCounters(report, 200);
        state.AddCounters(report, 200 + (61 * Second));

        Assert.Equal(SourceSet.Capacity, count);
        Assert.Contains(RelayAddress.From(IPAddress.Parse("10.0.1.199")), addresses[..count].ToArray());
        Assert.Equal([8, 0], report.Where(point => point.Output == RelayCounters.Input).Select(point => point.Sources));
    }

    [Fact]
    public void Relaying_allocates_nothing()
    {
        byte[] frame = (Frame with { Payload = Payloads.Rtp(7) }).Build();
        RelayFlow flow = Samples.Flow(1, null, Samples.Target() with { PacketsPerSecond = 1_000_000_000 }, Samples.Target(3));
        FlowState[] states =
        [
            new(flow with { Duplicates = DuplicateMode.Suppress, AnalyzeSequence = true, AllowedSources = [AddressPrefix.Parse("10.0.0.0/8")] }, 1),
            new(flow with { Duplicates = DuplicateMode.Standby }, 1),
            new(flow, 1),
        ];
        long now = 1;

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int round = 0; round < 1000; round++)
            {
                foreach (FlowState state in states)
                {
                    now += 1000;
                    _ = RelayParser.Parse(frame, out PacketView packet);
                    if (!state.TryAdmit(packet, frame.AsSpan(packet.PayloadOffset, packet.PayloadBytes), now, out _))
                    {
                        continue;
                    }

                    for (int output = 0; output < state.OutputCount; output++)
                    {
                        if (state.TryAdmitOutput(output, packet.PacketBytes, now, out _) && RelayRewriter.TryRewrite(frame, packet, state.Rewrite(output), out _, out _))
                        {
                            state.CountSent(output, 1, packet.PacketBytes, now);
                        }
                    }
                }
            }
        }));
    }

    private static bool Admit(FlowState state, FrameBuilder builder, long now, RelayDrop? expected = null)
    {
        byte[] frame = builder.Build();
        PacketView packet = Samples.View(builder);
        bool admitted = state.TryAdmit(packet, frame.AsSpan(packet.PayloadOffset, packet.PayloadBytes), now, out RelayDrop reason);
        if (expected is RelayDrop drop)
        {
            Assert.Equal(drop, reason);
        }

        return admitted;
    }
}
