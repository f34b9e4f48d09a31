using Net.Contracts;
using Net.Engine.Rpc;

namespace Net.Engine;

/// <content>The API of the firewall while it runs.</content>
internal sealed partial class NetEngine
{
    private void BindFirewallRuntime(EngineMethods methods) => methods
        .Add(EngineApi.FirewallListConnections, _firewallRuntime.Connections.ListAsync)
        .Add(EngineApi.FirewallWatchConnections, _firewallRuntime.Connections.WatchAsync)
        .Add(EngineApi.FirewallRemoveConnections, (request, actor, token) => _firewallRuntime.Connections.RemoveAsync(actor, request, token))
        .Add(EngineApi.FirewallGetStatistic, (request, _, token) => _firewallRuntime.Statistics.GetAsync(request, token))
        .Add(EngineApi.FirewallResetCounters, (request, actor) => _firewallRuntime.Counters.Reset(actor, request))
        .Add(EngineApi.FirewallWatchLog, _firewallRuntime.Log.WatchAsync)
        .Add(EngineApi.FirewallTestFlows, (request, _, token) => Task.Run(() => _firewallRuntime.Flows.Test(request), token))
        .Add(EngineApi.FirewallImport, (request, actor, token) => _firewallRuntime.Transfer.ImportAsync(actor, request, token))
        .Add(EngineApi.FirewallExport, (_, _) => _firewallRuntime.Transfer.Export())
        .Add(EngineApi.FirewallTraceFlow, _firewallRuntime.Traces.TraceAsync);
}
