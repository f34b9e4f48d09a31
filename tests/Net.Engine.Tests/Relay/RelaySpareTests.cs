using System.Net;
using Net.Contracts;

namespace Net.Engine.Tests.Relay;

/// <summary>The worker that waits for another to end, and what makes the kernel join datagrams.</summary>
public sealed class RelaySpareTests
{
    // Shorter than a worker may be silent: the fake ones say nothing while the clock goes on, and would be ended for it.
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_worker_that_waits_is_shown_and_takes_the_place_of_one_that_ends()
    {
        await using EngineRig rig = await new EngineRig(spareAfter: After).WithLinks().LoadedAsync();
        RelayRule rule = (await rig.AddAsync(RelayKit.Rule("one", engine: RelayEngine.Packet)))[0];
        FakeRelayWorker worker = rig.RelayHost.NextWorker().Ready();
        await rig.UntilAsync("one", one => one.State == RelayRuleState.Forwarding);
        int before = rig.Relay.ListWorkers().Length;

        rig.Clock.Advance(After);
        RelayWorker spare = rig.Relay.ListWorkers()[^1];
        worker.End("killed by signal 9 (SIGKILL)");
        FakeRelayWorker next = rig.RelayHost.NextWorker().Ready();
        await rig.UntilAsync("one", one => one.State == RelayRuleState.Forwarding);

        Assert.Equal((before, RelayWorkerState.Standby, 0), (spare.Index, spare.State, spare.RuleCount));
        Assert.Equal(spare.ProcessId, next.ProcessId);
        Assert.Equal(next.ProcessId, rig.Relay.ListWorkers()[rule.Worker!.Value].ProcessId);
        Assert.Equal(before, rig.Relay.ListWorkers().Length);
        rig.Clock.Advance(After);
        Assert.Equal(before + 1, rig.Relay.ListWorkers().Length);
    }

    [Fact]
    public async Task Datagrams_are_joined_for_rules_of_one_group_and_port_that_workers_take_from_rings()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        await rig.AddAsync(
            RelayKit.Rule("joined", "239.1.1.1", 5000, RelayEngine.Packet),
            RelayKit.Rule("prefix", "239.1.2.0/24", 5000, RelayEngine.Packet),
            RelayKit.Rule("ports", "239.1.1.3", 5000, RelayEngine.Packet) with { Port = new PortRange(5000, 5001) },
            RelayKit.Rule("kernel", "239.1.1.4", 5000, RelayEngine.Tcx));

        ((string Device, IPEndPoint Local) key, System.Runtime.InteropServices.SafeHandle handle) = Assert.Single(rig.RelayHost.Joiners);
        Assert.Equal(("in0", IPEndPoint.Parse("239.1.1.1:5000")), key);
        Assert.False(handle.IsClosed);

        await rig.Relay.RemoveAsync(EngineRig.Admin, new RemoveRelayRules(["joined"]), EngineRig.Token);

        Assert.True(handle.IsClosed);
    }

    [Fact]
    public async Task A_rule_whose_port_belongs_to_another_program_is_relayed_all_the_same()
    {
        await using EngineRig rig = await new EngineRig().WithLinks().LoadedAsync();
        rig.RelayHost.JoinerRefusal = "bind to 239.1.1.1:5000: address already in use";

        await rig.AddAsync(RelayKit.Rule("one", engine: RelayEngine.Packet));
        rig.RelayHost.NextWorker().Ready();

        RelayRule rule = await rig.UntilAsync("one", one => one.State == RelayRuleState.Forwarding);
        Assert.Equal(RelayEngine.Packet, rule.EngineInUse);
    }
}
