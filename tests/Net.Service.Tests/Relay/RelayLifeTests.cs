using System.Diagnostics;
using System.Globalization;
using Net.Contracts;
using Net.Service.Tests.Overlay;

namespace Net.Service.Tests.Relay;

/// <summary>Interfaces that come and go, workers and programs that somebody kills, many rules: what a relay has to survive.</summary>
public sealed class RelayLifeTests : IAsyncLifetime
{
    private readonly RelayLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _lab.StartAsync();

    [Fact]
    public async Task A_rule_waits_for_an_interface_follows_its_re_creation_and_says_so()
    {
        RelaySocket source = _lab.Open(_lab.Source);
        await _lab.CreateAsync(RelayLab.Rule("late", "239.1.2.1", 5100, new RelayOutput { InterfaceAlias = "late0", Destination = "239.2.2.1", Source = "interface", Ttl = 2 }));
        RelayRule waiting = await _lab.RuleAsync("late", rule => rule.State == RelayRuleState.Waiting);
        Assert.Contains("late0", waiting.Reason, StringComparison.Ordinal);

        await MakeLateAsync();
        RelayRule relaying = await _lab.RuleAsync("late");
        RelaySocket tap = _lab.Open(_lab.Node, "late1");
        RelayArrival first = await RelayLab.PassAsync(source, tap, "239.1.2.1", 5100);
        long packets = (await _lab.RuleAsync("late", rule => rule.Packets > 0)).Packets!.Value;

        await Kernel.IpAsync(_lab.Node, "link del late0");
        await _lab.RuleAsync("late", rule => rule.State == RelayRuleState.Waiting);
        await MakeLateAsync();
        await _lab.RuleAsync("late");
        RelaySocket again = _lab.Open(_lab.Node, "late1");
        RelayArrival second = await RelayLab.PassAsync(source, again, "239.1.2.1", 5100);

        Assert.Equal("10.9.0.1", first.Source);
        Assert.Equal("10.9.0.1", second.Source);
        RelayRule after = await _lab.RuleAsync("late", rule => rule.Packets > packets);
        Assert.Equal(relaying.Id, after.Id);
        await EngineProcess.EventAsync(_lab.Client, "RelayRuleStateChanged", item => item.Message.Contains("late0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(RelayEngine.Tcx)]
    [InlineData(RelayEngine.Packet)]
    public async Task An_input_that_is_deleted_and_made_anew_relays_again(RelayEngine engine)
    {
        RelaySocket source = _lab.Open(_lab.Source);
        RelaySocket sink = _lab.Open(_lab.Sink(1));
        await _lab.CreateAsync(RelayLab.Rule("flap", "239.1.2.2", 5101, new RelayOutput { InterfaceAlias = "out1" }) with { Engine = engine });
        await _lab.RuleAsync("flap");
        await RelayLab.PassAsync(source, sink, "239.1.2.2", 5101);

        await Kernel.IpAsync(_lab.Node, "link set in0 name gone0");
        RelayRule waiting = await _lab.RuleAsync("flap", rule => rule.State == RelayRuleState.Waiting);
        await Kernel.IpAsync(_lab.Node, "link set gone0 name in0");
        await _lab.RuleAsync("flap");
        await RelayLab.PassAsync(source, sink, "239.1.2.2", 5101);
        await Kernel.IpAsync(_lab.Node, "link set in0 down");
        await _lab.RuleAsync("flap", rule => rule.State == RelayRuleState.Waiting && rule.Reason!.Contains("down", StringComparison.Ordinal));
        await Kernel.IpAsync(_lab.Node, "link set in0 up");
        await RelayLab.PassAsync(source, sink, "239.1.2.2", 5101);

        Assert.Contains("in0", waiting.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_packets_leave_with_follows_the_interface()
    {
        RelaySocket source = _lab.Open(_lab.Source);
        RelaySocket sink = _lab.Open(_lab.Sink(1));
        await _lab.CreateAsync(RelayLab.Rule("address", "239.1.2.3", 5102, new RelayOutput { InterfaceAlias = "out1", Source = "interface" }));
        await RelayLab.PassAsync(source, sink, "239.1.2.3", 5102, arrival => arrival.Source == "10.2.0.1");

        await _lab.Node.RemoveAddressAsync("out1", "10.2.0.1/24", Token);
        RelayRule without = await _lab.RuleAsync("address", rule => rule.State == RelayRuleState.Waiting);
        await _lab.Node.AddAddressAsync("out1", "10.2.0.9/24", Token);

        await RelayLab.PassAsync(source, sink, "239.1.2.3", 5102, arrival => arrival.Source == "10.2.0.9");
        Assert.Contains("no IPv4 address", without.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_workers_rules_relay_again_and_those_of_others_never_stop()
    {
        RelaySocket source = _lab.Open(_lab.Source);
        RelaySocket sink = _lab.Open(_lab.Sink(1));
        await _lab.Client.CallAsync(EngineApi.RelaySetSettings, new SetRelaySettings(new RelaySettings { Workers = 2 }), Token);
        await _lab.CreateAsync([.. Enumerable.Range(0, 8).Select(number => RelayLab.Rule(
            $"r{number}", $"239.1.3.{number}", 5200 + number, new RelayOutput { InterfaceAlias = "out1" }) with { Engine = RelayEngine.Packet })]);
        RelayRule[] rules = [.. await Task.WhenAll(Enumerable.Range(0, 8).Select(number => _lab.RuleAsync($"r{number}")))];
        RelayRule victim = rules.First(rule => rule.Worker == 0);
        RelayRule other = rules.First(rule => rule.Worker == 1);
        await RelayLab.PassAsync(source, sink, victim.Group.ToString(), victim.Port!.Value.First);
        await RelayLab.PassAsync(source, sink, other.Group.ToString(), other.Port!.Value.First);
        RelayWorker[] before = await _lab.WorkersAsync();

        await OverlayNode.KillAsync(before[0].ProcessId!.Value);
        var time = Stopwatch.StartNew();
        source.Send(other.Group.ToString(), other.Port!.Value.First, "untouched");
        await RelayLab.PassAsync(source, sink, victim.Group.ToString(), victim.Port!.Value.First);
        TimeSpan took = time.Elapsed;

        RelayWorker[] after = await _lab.WorkersAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"resumed after {took.TotalMilliseconds:F0} ms");
        Assert.True(took < TimeSpan.FromSeconds(5), $"{took}");
        Assert.NotEqual(before[0].ProcessId, after[0].ProcessId);
        Assert.Equal(before[1].ProcessId, after[1].ProcessId);
        Assert.Equal(1, after[0].Restarts);
        await EngineProcess.EventAsync(_lab.Client, "RelayWorkerEnded", item => item.Message.Contains("signal 9", StringComparison.Ordinal));
        RelayStatistic counted = await _lab.StatisticAsync(other.Name, statistic => statistic.Outputs[0].Packets == statistic.Packets);
        Assert.True(counted.Packets >= 2);
    }

    [Fact]
    public async Task A_worker_runs_without_rights_and_is_idle_or_gone_without_rules()
    {
        await _lab.CreateAsync(RelayLab.Rule("one", "239.1.4.1", 5300, new RelayOutput { InterfaceAlias = "out1" }) with { Engine = RelayEngine.Packet });
        RelayRule rule = await _lab.RuleAsync("one");
        RelayWorker worker = (await _lab.WorkersAsync())[rule.Worker!.Value];

        string[] lines = await File.ReadAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{worker.ProcessId}/status"), Token);

        Assert.Contains("CapEff:\t0000000000000000", lines);
        Assert.Contains("NoNewPrivs:\t1", lines);
        Assert.Contains("Seccomp:\t2", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("Uid:", StringComparison.Ordinal) && line.Split('\t').Contains("0"));
        await _lab.RemoveAllAsync();
        Assert.All(await _lab.WorkersAsync(), one => Assert.Equal(0, one.RuleCount));
    }

    [Fact]
    public async Task Ten_thousand_rules_are_loaded_and_one_of_them_changed_without_disturbing_others()
    {
        RelaySocket source = _lab.Open(_lab.Source);
        RelaySocket sink = _lab.Open(_lab.Sink(1));
        RelayRule[] rules = [.. Enumerable.Range(0, 10_000).Select(number => RelayLab.Rule(
            $"r{number}", $"239.{10 + (number / 62500)}.{number / 250 % 250}.{1 + (number % 250)}", 5000, new RelayOutput { InterfaceAlias = "out1", Port = 6000, Ttl = 3, Source = "interface" })
            with { Engine = number % 2 == 0 ? RelayEngine.Packet : RelayEngine.Tcx })];

        var time = Stopwatch.StartNew();
        RelayRulesChanged made = await _lab.CreateAsync(rules);
        TimeSpan took = time.Elapsed;
        TestContext.Current.TestOutputHelper?.WriteLine($"10,000 rules in {took.TotalMilliseconds:F0} ms");

        Assert.Equal(10_000, made.Rules.Length);
        await RelayLab.PassAsync(source, sink, "239.10.39.249", 5000);
        await RelayLab.PassAsync(source, sink, "239.10.39.250", 5000);
        time.Restart();
        await _lab.Client.CallAsync(EngineApi.RelaySetRules, new SetRelayRules([rules[0] with { Outputs = [rules[0].Outputs[0] with { Port = 6001 }] }]), Token);
        TestContext.Current.TestOutputHelper?.WriteLine($"one of them changed in {time.ElapsedMilliseconds} ms");
        await RelayLab.PassAsync(source, sink, "239.10.0.1", 5000, arrival => arrival.Port == 6001);
        Assert.True(took < TimeSpan.FromSeconds(20), $"{took}");
    }

    [Fact]
    public async Task A_program_somebody_took_off_is_put_back()
    {
        RelaySocket source = _lab.Open(_lab.Source);
        RelaySocket sink = _lab.Open(_lab.Sink(1));
        await _lab.CreateAsync(RelayLab.Rule("drift", "239.1.5.1", 5400, new RelayOutput { InterfaceAlias = "out1" }) with { Engine = RelayEngine.Tcx });
        await RelayLab.PassAsync(source, sink, "239.1.5.1", 5400);

        _lab.Detach("tcx");

        await EngineProcess.EventAsync(_lab.Client, "RelayDriftRepaired");
        await RelayLab.PassAsync(source, sink, "239.1.5.1", 5400);
    }

    [Fact]
    public async Task Rules_relay_again_after_the_engine_was_killed()
    {
        RelaySocket source = _lab.Open(_lab.Source);
        RelaySocket sink = _lab.Open(_lab.Sink(1));
        RelayRulesChanged made = await _lab.CreateAsync(
            RelayLab.Rule("kernel", "239.1.6.1", 5500, new RelayOutput { InterfaceAlias = "out1" }) with { Engine = RelayEngine.Tcx },
            RelayLab.Rule("worker", "239.1.6.2", 5501, new RelayOutput { InterfaceAlias = "out1" }) with { Engine = RelayEngine.Packet });
        await RelayLab.PassAsync(source, sink, "239.1.6.1", 5500);
        await RelayLab.PassAsync(source, sink, "239.1.6.2", 5501);

        await _lab.Engine.KillAsync();
        await _lab.StartEngineAsync();

        await RelayLab.PassAsync(source, sink, "239.1.6.1", 5500);
        await RelayLab.PassAsync(source, sink, "239.1.6.2", 5501);
        Assert.Equal(made.Rules.Select(rule => rule.Id), (await Task.WhenAll(_lab.RuleAsync("kernel"), _lab.RuleAsync("worker"))).Select(rule => rule.Id));
    }

    [Fact]
    public async Task A_trace_shows_packets_of_a_rule_in_the_kernel_and_moves_it_back()
    {
        RelaySocket source = _lab.Open(_lab.Source);
        RelaySocket sink = _lab.Open(_lab.Sink(1));
        await _lab.CreateAsync(RelayLab.Rule("trace", "239.1.7.1", 5600, new RelayOutput { InterfaceAlias = "out1", Destination = "239.2.7.1" }) with { Engine = RelayEngine.Tcx });
        await RelayLab.PassAsync(source, sink, "239.1.7.1", 5600);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task sending = Task.Run(
            async () =>
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
                while (await timer.WaitForNextTickAsync(stop.Token))
                {
                    source.Send("239.1.7.1", 5600, "traced", ttl: 12);
                }
            },
            stop.Token);
        List<RelayTracedPacket> packets = [];
        await foreach (RelayTracedPacket packet in _lab.Client.StreamAsync(EngineApi.RelayTrace, new TraceRelayRule("trace", 3, TimeSpan.FromSeconds(20)), Token))
        {
            packets.Add(packet);
        }

        await stop.CancelAsync();
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(3, packets.Count);
        Assert.Equal(("in0", "239.1.7.1:5600", 12), (packets[0].InterfaceAlias, packets[0].Destination, packets[0].Ttl));
        Assert.All(packets, packet => Assert.Equal([0], packet.Outputs!));
        RelayRule back = await _lab.RuleAsync("trace", rule => rule.EngineInUse == RelayEngine.Tcx);
        Assert.Equal(RelayRuleState.Forwarding, back.State);
    }

    [Fact]
    public async Task An_output_pauses_without_receivers_and_goes_on_with_one()
    {
        RelaySocket source = _lab.Open(_lab.Source);
        RelaySocket sink = _lab.Open(_lab.Sink(1));
        await _lab.Client.CallAsync(EngineApi.RelaySetSettings, new SetRelaySettings(new RelaySettings
        {
            Queriers = [new RelayQuerier { InterfaceAlias = "out1", QueryInterval = TimeSpan.FromSeconds(2) }],
        }), Token);
        await _lab.CreateAsync(RelayLab.Rule("pause", "239.1.8.1", 5700, new RelayOutput { InterfaceAlias = "out1", PauseWithoutReceivers = true }) with { Engine = RelayEngine.Packet });

        RelayRule paused = await _lab.RuleAsync("pause", rule => rule.State == RelayRuleState.Paused);
        sink.Join("239.1.8.1");
        await _lab.RuleAsync("pause");
        await RelayLab.PassAsync(source, sink, "239.1.8.1", 5700);

        Assert.Contains("no receiver", paused.Reason, StringComparison.Ordinal);
        MulticastGroup[] groups = await _lab.Client.CallAsync(EngineApi.RelayListGroups, new ListMulticastGroups(), Token);
        Assert.Contains(groups, group => group is { InterfaceAlias: "in0", Group: "239.1.8.1", Role: MulticastGroupRole.Joined } && group.Rules.Contains("pause"));
        Assert.Contains(groups, group => group is { InterfaceAlias: "out1", Group: "239.1.8.1", Role: MulticastGroupRole.Receiver });
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private async Task MakeLateAsync()
    {
        await Kernel.IpAsync(_lab.Node, "link add late0 type veth peer name late1");
        await Kernel.IpAsync(_lab.Node, "address add 10.9.0.1/24 dev late0");
        await Kernel.IpAsync(_lab.Node, "link set late1 up");
        await Kernel.IpAsync(_lab.Node, "link set late0 up");
    }
}
