using Microsoft.Extensions.Logging.Abstractions;
using Net.Contracts;
using Net.Engine.Firewall.Runtime;
using Net.Engine.Firewall.Runtime.Logging;
using Net.Engine.Firewall.Runtime.Tracing;
using Net.Engine.Tests.Relay.Kernel;
using Net.Platform;
using Net.Platform.Linux;
using Net.Platform.Linux.Netfilter;
using PortRange = Net.Contracts.PortRange;
using RuleAction = Net.Contracts.RuleAction;
using static Net.Engine.Tests.RunningFirewall.RuntimeKit;

namespace Net.Engine.Tests.RunningFirewall;

/// <summary>Log, trace and counters against the kernel, in a network namespace.</summary>
public sealed class KernelTests : IFirewallHost, IAsyncDisposable
{
    private KernelNamespace? _place;
    private NftTextLoader? _loader;
    private NftablesReader? _reader;
    private RouteNetlink? _network;
    private ConnectionTracker? _connections;
    private EngineRig? _rig;

    IConnectionTracker IFirewallHost.Connections => _connections!;

    IRouteLookup IFirewallHost.Routes => throw new NotSupportedException();

    [Fact]
    public async Task A_trace_names_the_rule_that_refused_a_packet_and_leaves_no_table()
    {
        long id = await StartAsync();
        var traces = new TraceService(this, _loader!, _reader!, new FirewallModels(_rig!.Manager, _rig.FirewallSection), new HostAddresses(_network!, TimeProvider.System), TimeProvider.System, NullLogger.Instance);
        var pattern = new NetFlowPattern { Protocol = IpProtocol.Tcp, DestinationPort = new PortRange(80) };
        // The kernel gives what is looped back another number when it comes in than when it went out.
        Task<List<NetFlowTraceEvent>> tracing = AllOf(traces.TraceAsync(new TraceNetFlow(pattern, TimeSpan.FromSeconds(60), 2), EngineRig.Token));
        Assert.True(SpinWait.SpinUntil(() => _reader!.GetTables().Contains(TraceTable.Table), TimeSpan.FromSeconds(30)), "the packets are never marked");

        Connect(80);
        List<NetFlowTraceEvent> steps = await tracing;

        NetFlowTraceEvent refused = steps.Last(step => step.RuleId == id);
        Assert.Equal(("inet netmod", "no-web", "rule"), (refused.Table, refused.Rule, refused.Kind));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', steps));
        Assert.Contains(steps, step => step.Summary?.Contains("127.0.0.1:80 tcp syn", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(TraceTable.Table, _reader!.GetTables());
    }

    [Fact]
    public async Task A_logged_packet_comes_with_the_name_of_its_rule_and_single_counters_begin_anew()
    {
        long id = await StartAsync();
        var addresses = new HostAddresses(_network!, TimeProvider.System);
        await using var file = new FirewallLogFile(Path.Combine(_rig!.Options.StateFolder, "log"), _rig.Events);
        await using var log = new FirewallLog(this, new FirewallModels(_rig.Manager, _rig.FirewallSection), addresses, file, _rig.Events, TimeProvider.System, NullLogger.Instance);
        log.Tick();
        Task<List<FirewallLogEntry>> watching = FirstOf(log.WatchAsync(new WatchFirewallLog(), EngineRig.Token), 1);

        Connect(80);
        FirewallLogEntry entry = Assert.Single(await watching);
        string counter = Net.Firewall.FirewallTable.Counter(id);
        CounterValue? before = _reader!.ResetCounter(FirewallTable.NetModule, counter);
        CounterValue? after = _reader.ResetCounter(FirewallTable.NetModule, counter);

        Assert.Equal(("no-web", id, "127.0.0.1", 80, "lo"), (entry.Rule, entry.RuleId, entry.DestinationAddress, entry.DestinationPort, entry.InterfaceAlias));
        Assert.True(before is { Packets: > 0 });
        Assert.Equal(default(CounterValue), after);
        Assert.Null(_reader.ResetCounter(FirewallTable.NetModule, "r999999"));
    }

    IPacketLogReader IFirewallHost.OpenPacketLog(PacketLogOptions options) => _place!.Namespace.Run(() => new PacketLogReader(options));

    IRuleTracer IFirewallHost.OpenTracer() => _place!.Namespace.Run(() => new RuleTracer());

    public async ValueTask DisposeAsync()
    {
        _connections?.Dispose();
        _network?.Dispose();
        _reader?.Dispose();
        if (_rig is not null)
        {
            await _rig.DisposeAsync();
        }

        _place?.Dispose();
    }

    // Refused by a reset, so that whoever connects need not wait.
    private void Connect(int port) => _place!.Exec("bash", $"-c \"(exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null || true\"");

    private async Task<long> StartAsync()
    {
        Assert.SkipUnless(UnixAccounts.IsRoot, "needs root to make a network namespace");
        Assert.SkipUnless(NftTextLoader.FindProgram() is not null, "nft is not installed (package nftables)");
        _place = new KernelNamespace();
        _place.Ip("link set lo up");
        _loader = new NftTextLoader(new NftTextLoaderOptions { NetworkNamespace = _place.Namespace });
        (_reader, _network, _connections) = _place.Namespace.Run(() => (new NftablesReader(), new RouteNetlink(), new ConnectionTracker()));
        _rig = await new EngineRig().LoadedAsync();
        var rule = new FirewallRule { Name = "no-web", Protocol = IpProtocol.Tcp, Action = RuleAction.Reject, Log = true, LocalPort = [new PortRange(80)] };
        await _rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([rule]), EngineRig.Token);
        await _loader.ApplyAsync(_rig.Firewall.Content, EngineRig.Token);
        return _rig.Manager.Document.Firewall.Rules[0].Id;
    }
}
