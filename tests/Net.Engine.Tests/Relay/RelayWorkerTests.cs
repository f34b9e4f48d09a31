using Net.Contracts;
using Net.Engine.Metrics;
using Net.Engine.Reconciling;
using Net.Relay;
using Net.Workers.Relay;

namespace Net.Engine.Tests.Relay;

/// <summary>Workers of the relay as the engine keeps them: spread, restarts, drift, counters, traces.</summary>
public sealed class RelayWorkerTests
{
    [Fact]
    public async Task Each_rule_is_at_the_worker_its_destination_hashes_to_and_rings_are_opened_for_all()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        RelayRule[] rules = await rig.AddAsync([.. Enumerable.Range(1, 16).Select(number => RelayKit.Rule($"r{number}", $"239.1.1.{number}", engine: RelayEngine.Packet))]);
        FakeRelayWorker[] workers = [.. new[] { rig.RelayHost.NextWorker(), rig.RelayHost.NextWorker() }.OrderBy(worker => worker.Start.WorkerIndex)];

        Assert.Equal([0, 1], workers.Select(worker => worker.Start.WorkerIndex));
        Assert.Equal(16, workers.Sum(worker => worker.Flows.Count));
        foreach (RelayRule rule in rules)
        {
            int index = FlowSteering.WorkerOf(RelayAddress.From(rule.Group.First), 5000, 2);
            Assert.Equal(index, rule.Worker);
            Assert.True(workers[index].Flows.ContainsKey(RelayKit.Key(rule)));
        }

        Assert.Equal(2, rig.RelayHost.Rings.Count);
        Assert.Single(rig.RelayHost.Rings.Select(ring => ring.FanoutGroup).Distinct());
        Assert.All(workers, worker => Assert.Single(worker.Start.Descriptors.Rings));
    }

    [Fact]
    public async Task A_worker_that_ends_is_started_anew_with_the_same_rings_and_counters_go_on()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        RelayRule rule = (await rig.AddAsync(RelayKit.Rule("one", engine: RelayEngine.Packet)))[0];
        FakeRelayWorker worker = rig.RelayHost.NextWorker().Ready();
        worker.Report(0, Count(rule, 5));
        await rig.UntilAsync("one", one => one.Packets == 5);

        worker.End("killed by signal 9 (SIGKILL)");
        FakeRelayWorker next = rig.RelayHost.NextWorker();
        RelayRule between = await rig.UntilAsync("one", one => one.State == RelayRuleState.Failed);
        next.Ready().Report(0, Count(rule, 2));
        RelayRule after = await rig.UntilAsync("one", one => one.Packets == 7);

        Assert.Contains("ended", between.Reason, StringComparison.Ordinal);
        Assert.Equal(RelayRuleState.Forwarding, after.State);
        Assert.Equal(worker.Start.Descriptors.Rings[0].Id, next.Start.Descriptors.Rings[0].Id);
        Assert.Equal(2, rig.RelayHost.Rings.Count);
        Assert.Equal(1, rig.Relay.ListWorkers()[rule.Worker!.Value].Restarts);
        await rig.EventAsync("RelayWorkerEnded");
    }

    [Fact]
    public async Task A_worker_with_another_table_gets_all_rules_again_and_is_then_started_anew()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        await rig.AddAsync(RelayKit.Rule("one", engine: RelayEngine.Packet));
        FakeRelayWorker worker = rig.RelayHost.NextWorker().Ready();

        worker.Report();
        await rig.UntilAsync("one", rule => rig.Relay.ListWorkers()[rule.Worker!.Value].InDesiredState == true);
        rig.Clock.Advance(TimeSpan.FromSeconds(1.2));
        worker.Report(drift: 1);
        ReplaceFlows again = worker.Next<ReplaceFlows>();
        rig.Clock.Advance(TimeSpan.FromSeconds(1.2));
        worker.Report(drift: 1);
        FakeRelayWorker next = rig.RelayHost.NextWorker();

        Assert.Single(again.Flows);
        Assert.Single(next.Start.Flows);
        await rig.EventAsync("RelayDriftRepaired", 2);
        Assert.Contains("twice", (await rig.EventAsync("RelayWorkerEnded")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_a_rule_of_a_silent_worker_is_kept_and_its_caller_told()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        RelayRule rule = (await rig.AddAsync(RelayKit.Rule("one", engine: RelayEngine.Packet)))[0];
        FakeRelayWorker worker = rig.RelayHost.NextWorker().Ready();
        await rig.UntilAsync("one", one => rig.Relay.ListWorkers()[one.Worker!.Value].State == RelayWorkerState.Running);

        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        EngineException told = await EngineRig.Refused(
            ErrorCatalogue.RelayWorkerNotResponding, () => rig.Relay.SetAsync(EngineRig.Admin, new SetRelayRules([rule with { Description = "changed" }]), EngineRig.Token));

        Assert.Equal("changed", rig.Manager.Document.Relay.Rules[0].Description);
        Assert.Contains("'one'", told.Message, StringComparison.Ordinal);
        Assert.Equal(RelayWorkerState.Stuck, rig.Relay.ListWorkers()[rule.Worker!.Value].State);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        rig.RelayHost.NextWorker();
        Assert.NotNull(worker);
    }

    [Fact]
    public async Task A_ring_that_cannot_be_had_fails_its_rules_alone_and_is_tried_again()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        rig.AddLink(5, "bad0");
        rig.RelayHost.RingRefusals[5] = "no memory";
        await rig.AddAsync(RelayKit.Rule("good", engine: RelayEngine.Packet), RelayKit.Rule("bad", engine: RelayEngine.Packet) with { InterfaceAlias = "bad0" });
        rig.RelayHost.NextWorker().Ready();

        RelayRule bad = await rig.RuleAsync("bad");
        bool wasRight = rig.RelaySection.Status.InDesiredState;
        rig.RelayHost.RingRefusals.Clear();
        await rig.RelaySection.RepairAsync(rig.Manager.Document, EngineRig.Token);

        Assert.Equal(RelayRuleState.Failed, bad.State);
        Assert.Contains("no memory", bad.Reason, StringComparison.Ordinal);
        Assert.False(wasRight);
        Assert.True(rig.RelaySection.Status.InDesiredState);
    }

    [Fact]
    public async Task Drift_in_the_kernel_is_repaired_and_said()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        await rig.AddAsync(RelayKit.Rule("one"));
        rig.RelayHost.Findings.Enqueue("The program was taken off in0.");
        rig.RelayHost.Drift = 1;

        DriftReport? report = await rig.RelaySection.RepairAsync(rig.Manager.Document, EngineRig.Token);
        DriftReport? nothing = await rig.RelaySection.RepairAsync(rig.Manager.Document, EngineRig.Token);

        Assert.Equal("RelayDriftRepaired", report!.EventId);
        Assert.Contains("taken off in0", report.Found, StringComparison.Ordinal);
        Assert.Contains("tables of tcx", report.Found, StringComparison.Ordinal);
        Assert.Null(nothing);
    }

    [Fact]
    public async Task Counters_of_kernel_and_workers_are_added_up_reset_and_told_as_metrics()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        RelayRule rule = (await rig.AddAsync(RelayKit.Rule("one")))[0];
        rig.RelayHost.Counters = [Count(rule, 10), Count(rule, 9, output: 0) with { Drops = [0, 0, 1] }];
        RelayStatistic before = (await rig.Relay.ListStatisticsAsync(new ListRelayStatistics(), EngineRig.Token)).Single();
        var writer = new PrometheusWriter();
        rig.RelaySection.Collect(writer);

        RelayStatistic reset = (await rig.Relay.ResetStatisticsAsync(new ResetRelayStatistics(), EngineRig.Token)).Single();
        rig.RelayHost.Counters = [Count(rule, 12)];
        RelayStatistic after = (await rig.Relay.ListStatisticsAsync(new ListRelayStatistics(), EngineRig.Token)).Single();

        Assert.Equal((10, 9, 1), (before.Packets, before.Outputs[0].Packets, before.Outputs[0].Drops.Ttl));
        Assert.Equal((0, 2), (reset.Packets, after.Packets));
        Assert.Contains("netmod_relay_received_packets_total{rule=\"one\"} 10", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("netmod_relay_dropped_packets_total{rule=\"one\",reason=\"ttl\"} 1", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("netmod_relay_engine_rules{engine=\"tcx\"} 1", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_takes_the_rule_out_of_the_kernel_puts_packets_together_and_goes_back()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        RelayRule rule = (await rig.AddAsync(RelayKit.Rule("one")))[0];
        await using IAsyncEnumerator<RelayTracedPacket> packets = rig.Relay.TraceAsync(new TraceRelayRule("one", MaxPackets: 1), EngineRig.Token).GetAsyncEnumerator(EngineRig.Token);

        ValueTask<bool> first = packets.MoveNextAsync();
        FakeRelayWorker worker = rig.RelayHost.NextWorker().Ready();
        await rig.UntilAsync("one", one => one.State == RelayRuleState.Forwarding && one.EngineInUse == RelayEngine.Packet);
        StartTrace start = await NextTraceAsync(rig, worker);
        byte[] frame = new byte[60];
        (frame[12], frame[14], frame[17], frame[22]) = (8, 0x45, 46, 7);
        worker.Say(new TracedPackets(start.Id, [Record(1, -1, frame), Record(2, -1, frame), Record(1, 0, frame)], IsEnd: false));

        Assert.True(await first);
        Assert.Equal((7, 46, "in0"), (packets.Current.Ttl, packets.Current.LengthBytes, packets.Current.InterfaceAlias));
        Assert.Equal([0], packets.Current.Outputs!);
        Assert.False(await packets.MoveNextAsync());
        await rig.UntilAsync("one", one => one.EngineInUse == RelayEngine.Tcx);
        Assert.Equal(rule.Id, start.RuleId);
    }

    private static async Task<StartTrace> NextTraceAsync(EngineRig rig, FakeRelayWorker worker)
    {
        // The trace looks every 250 ms whether its worker traces already.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!worker.HasMessage)
        {
            await timer.WaitForNextTickAsync(EngineRig.Token);
            worker.Report();
            rig.Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        return worker.Next<StartTrace>();
    }

    private static RelayCounters Count(RelayRule rule, long packets, int output = RelayCounters.Input) =>
        new() { RuleId = (int)rule.Id, Output = output, Packets = packets, Bytes = packets * 100, LastSeenNanoseconds = 1 };

    private static TracedPacket Record(int number, int output, byte[] data) =>
        new() { Number = number, TimeNanoseconds = 1, Output = output, InterfaceIndex = RelayKit.In, Length = data.Length, Source = "10.1.0.2:1", Destination = "239.1.1.1:5000", Data = data };
}
