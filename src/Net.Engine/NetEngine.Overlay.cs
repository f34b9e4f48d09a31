using Net.Contracts;
using Net.Engine.Overlay.Api;
using Net.Engine.Rpc;

namespace Net.Engine;

/// <content>The API of overlays.</content>
internal sealed partial class NetEngine
{
    private void BindOverlays(EngineMethods methods)
    {
        var overlays = new OverlayService(Configuration, _overlays, _overlayContext);
        var members = new OverlayMembershipService(Configuration, _overlays, _overlayContext);
        var joins = new OverlayJoinService(Configuration, _overlays, overlays, _overlayContext);
        var streams = new OverlayStreamService(_overlays, overlays);
        methods
            .Add(EngineApi.OverlayList, (request, _) => overlays.List(request))
            .Add(EngineApi.OverlayCreate, (request, actor, token) => overlays.CreateAsync(actor, request, token))
            .Add(EngineApi.OverlaySet, (request, actor, token) => overlays.SetAsync(actor, request, token))
            .Add(EngineApi.OverlayRemove, (request, actor, token) => overlays.RemoveAsync(actor, request, token))
            .Add(EngineApi.OverlayRestart, (request, actor) => overlays.Restart(actor, request))
            .Add(EngineApi.OverlayListPeers, (request, _) => overlays.ListPeers(request))
            .Add(EngineApi.OverlayWatchPeers, overlays.WatchPeersAsync)
            .Add(EngineApi.OverlayAddPeers, (request, actor, token) => overlays.AddPeersAsync(actor, request, token))
            .Add(EngineApi.OverlaySetPeers, (request, actor, token) => overlays.SetPeersAsync(actor, request, token))
            .Add(EngineApi.OverlayRemovePeers, (request, actor, token) => overlays.RemovePeersAsync(actor, request, token))
            .Add(EngineApi.OverlayTestPeers, overlays.TestPeersAsync)
            .Add(EngineApi.OverlayListRoutes, (request, _) => overlays.ListRoutes(request))
            .Add(EngineApi.OverlayAddRoutes, (request, actor, token) => overlays.AddRoutesAsync(actor, request, token))
            .Add(EngineApi.OverlayRemoveRoutes, (request, actor, token) => overlays.RemoveRoutesAsync(actor, request, token))
            .Add(EngineApi.OverlayListPolicy, (request, _) => overlays.ListPolicy(request))
            .Add(EngineApi.OverlayCreatePolicy, (request, actor, token) => overlays.CreatePolicyAsync(actor, request, token))
            .Add(EngineApi.OverlaySetPolicy, (request, actor, token) => overlays.SetPolicyAsync(actor, request, token))
            .Add(EngineApi.OverlayRemovePolicy, (request, actor, token) => overlays.RemovePolicyAsync(actor, request, token))
            .Add(EngineApi.OverlayTestPolicy, (request, _) => overlays.TestPolicy(request))
            .Add(EngineApi.OverlayListAudit, (request, _) => overlays.ListAudit(request))
            .Add(EngineApi.OverlayGetGraph, (request, _) => overlays.Graph(request))
            .Add(EngineApi.OverlaySelfTest, (_, _, token) => overlays.SelfTestAsync(token))
            .Add(EngineApi.OverlayListIdentities, (request, _) => members.ListIdentities(request))
            .Add(EngineApi.OverlayCreateIdentity, (request, actor) => members.CreateIdentity(actor, request))
            .Add(EngineApi.OverlayRotateIdentity, (request, actor) => members.RotateIdentity(actor, request))
            .Add(EngineApi.OverlayRemoveIdentity, (request, actor, token) => members.RemoveIdentityAsync(actor, request, token))
            .Add(EngineApi.OverlayListNetworks, (request, _) => members.ListNetworks(request))
            .Add(EngineApi.OverlayCreateNetwork, (request, actor) => members.CreateNetwork(actor, request))
            .Add(EngineApi.OverlayRemoveNetwork, (request, actor) => members.RemoveNetwork(actor, request))
            .Add(EngineApi.OverlayExportNetwork, (request, actor) => members.ExportNetwork(actor, request))
            .Add(EngineApi.OverlayImportNetwork, (request, actor) => members.ImportNetwork(actor, request))
            .Add(EngineApi.OverlayIssueCertificate, (request, actor) => members.IssueCertificate(actor, request))
            .Add(EngineApi.OverlayListCertificates, (request, _) => members.ListCertificates(request))
            .Add(EngineApi.OverlayRevokeCertificates, (request, actor) => members.RevokeCertificates(actor, request))
            .Add(EngineApi.OverlayCreateInvitation, (request, actor) => joins.Invite(actor, request))
            .Add(EngineApi.OverlayJoin, (request, actor, token) => joins.JoinAsync(actor, request, token))
            .Add(EngineApi.OverlayListJoinRequests, (request, _) => joins.List(request))
            .Add(EngineApi.OverlayDecideJoinRequest, (request, _) => joins.Decide(request))
            .Add(EngineApi.OverlaySendMessage, (request, _, token) => streams.SendMessageAsync(request, token))
            .Add(EngineApi.OverlayReceiveMessages, streams.ReceiveMessagesAsync)
            .Add(EngineApi.OverlayOpenStream, (request, _, token) => streams.OpenAsync(request, token))
            .Add(EngineApi.OverlayAcceptStream, (request, _, token) => streams.AcceptAsync(request, token))
            .Add(EngineApi.OverlayWriteStream, (request, _, token) => streams.WriteAsync(request, token))
            .Add(EngineApi.OverlayReadStream, streams.ReadAsync)
            .Add(EngineApi.OverlayCloseStream, (request, _) => streams.Close(request));
    }
}
