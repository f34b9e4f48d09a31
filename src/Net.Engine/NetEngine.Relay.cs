using Net.Contracts;
using Net.Engine.Relay.Api;
using Net.Engine.Rpc;

namespace Net.Engine;

/// <content>The API of the multicast relay.</content>
internal sealed partial class NetEngine
{
    private void BindRelay(EngineMethods methods)
    {
        var relay = new RelayService(Configuration, _relay, _seams.RelayHost, _seams.Clock);
        methods
            .Add(EngineApi.RelayListRules, (request, _, token) => relay.ListAsync(request, token))
            .Add(EngineApi.RelayCreateRules, (request, actor, token) => relay.CreateAsync(actor, request, token))
            .Add(EngineApi.RelaySetRules, (request, actor, token) => relay.SetAsync(actor, request, token))
            .Add(EngineApi.RelayRemoveRules, (request, actor, token) => relay.RemoveAsync(actor, request, token))
            .Add(EngineApi.RelayGetSettings, (_, _) => relay.GetSettings())
            .Add(EngineApi.RelaySetSettings, (request, actor, token) => relay.SetSettingsAsync(actor, request, token))
            .Add(EngineApi.RelayListStatistics, (request, _, token) => relay.ListStatisticsAsync(request, token))
            .Add(EngineApi.RelayWatchStatistics, relay.WatchStatisticsAsync)
            .Add(EngineApi.RelayResetStatistics, (request, _, token) => relay.ResetStatisticsAsync(request, token))
            .Add(EngineApi.RelayListGroups, (request, _) => relay.ListGroups(request))
            .Add(EngineApi.RelayListWorkers, (_, _) => relay.ListWorkers())
            .Add(EngineApi.RelaySetWorkerLogLevel, (request, _) => relay.SetLogLevel(request))
            .Add(EngineApi.RelayTrace, relay.TraceAsync)
            .Add(EngineApi.RelayMeasure, relay.MeasureAsync);
    }
}
