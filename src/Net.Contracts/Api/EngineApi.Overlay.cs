namespace Net.Contracts;

/// <content>Overlays.</content>
public static partial class EngineApi
{
    /// <summary>Overlays.</summary>
    public static readonly ApiMethod<ListOverlays, Overlay[]> OverlayList =
        new("overlay.list", EngineRole.Reader, "Lists overlays with what they do now.", static () => Json.ListOverlays, static () => Json.OverlayArray);

    /// <summary>Adds overlays.</summary>
    public static readonly ApiMethod<CreateOverlays, OverlaysChanged> OverlayCreate =
        new("overlay.create", EngineRole.Operator, "Adds overlays, all or none.", static () => Json.CreateOverlays, static () => Json.OverlaysChanged);

    /// <summary>Replaces overlays.</summary>
    public static readonly ApiMethod<SetOverlays, OverlaysChanged> OverlaySet =
        new("overlay.set", EngineRole.Operator, "Replaces overlays, all or none.", static () => Json.SetOverlays, static () => Json.OverlaysChanged);

    /// <summary>Removes overlays.</summary>
    public static readonly ApiMethod<RemoveOverlays, OverlaysChanged> OverlayRemove =
        new("overlay.remove", EngineRole.Operator, "Removes overlays, all or none.", static () => Json.RemoveOverlays, static () => Json.OverlaysChanged);

    /// <summary>Restarts overlays.</summary>
    public static readonly ApiMethod<RestartOverlays, Overlay[]> OverlayRestart =
        new("overlay.restart", EngineRole.Operator, "Ends the workers of overlays and starts them anew.", static () => Json.RestartOverlays, static () => Json.OverlayArray);

    /// <summary>Peers.</summary>
    public static readonly ApiMethod<ListOverlayPeers, OverlayPeer[]> OverlayListPeers =
        new("overlay.listPeers", EngineRole.Reader, "Lists peers with the state of their sessions.", static () => Json.ListOverlayPeers, static () => Json.OverlayPeerArray);

    /// <summary>Peers as they change.</summary>
    public static readonly ApiStream<WatchOverlayPeers, OverlayPeerChange> OverlayWatchPeers =
        new("overlay.watchPeers", EngineRole.Reader, "Streams peers now and as their state changes.", static () => Json.WatchOverlayPeers, static () => Json.OverlayPeerChange);

    /// <summary>Adds peers.</summary>
    public static readonly ApiMethod<AddOverlayPeers, OverlayPeersChanged> OverlayAddPeers =
        new("overlay.addPeers", EngineRole.Operator, "Adds peers, all or none.", static () => Json.AddOverlayPeers, static () => Json.OverlayPeersChanged);

    /// <summary>Replaces peers.</summary>
    public static readonly ApiMethod<SetOverlayPeers, OverlayPeersChanged> OverlaySetPeers =
        new("overlay.setPeers", EngineRole.Operator, "Replaces peers, all or none.", static () => Json.SetOverlayPeers, static () => Json.OverlayPeersChanged);

    /// <summary>Removes peers.</summary>
    public static readonly ApiMethod<RemoveOverlayPeers, OverlayPeersChanged> OverlayRemovePeers =
        new("overlay.removePeers", EngineRole.Operator, "Removes peers, all or none.", static () => Json.RemoveOverlayPeers, static () => Json.OverlayPeersChanged);

    /// <summary>Tests peers.</summary>
    public static readonly ApiStream<TestOverlayPeers, OverlayPeerTest> OverlayTestPeers =
        new("overlay.testPeers", EngineRole.Operator, "Tests peers by echoes inside their sessions, one item per peer as it ends.", static () => Json.TestOverlayPeers, static () => Json.OverlayPeerTest);

    /// <summary>Routes of overlays.</summary>
    public static readonly ApiMethod<ListOverlayRoutes, OverlayRoute[]> OverlayListRoutes =
        new("overlay.listRoutes", EngineRole.Reader, "Lists routes with owner, source and reason.", static () => Json.ListOverlayRoutes, static () => Json.OverlayRouteArray);

    /// <summary>Adds routes.</summary>
    public static readonly ApiMethod<AddOverlayRoutes, OverlayRoutesChanged> OverlayAddRoutes =
        new("overlay.addRoutes", EngineRole.Operator, "Adds routes, all or none.", static () => Json.AddOverlayRoutes, static () => Json.OverlayRoutesChanged);

    /// <summary>Removes routes.</summary>
    public static readonly ApiMethod<RemoveOverlayRoutes, OverlayRoutesChanged> OverlayRemoveRoutes =
        new("overlay.removeRoutes", EngineRole.Operator, "Removes routes of the document, all or none.", static () => Json.RemoveOverlayRoutes, static () => Json.OverlayRoutesChanged);

    /// <summary>Rules of policies.</summary>
    public static readonly ApiMethod<ListOverlayPolicy, OverlayPolicyRule[]> OverlayListPolicy =
        new("overlay.listPolicy", EngineRole.Reader, "Lists rules in their order, with counts.", static () => Json.ListOverlayPolicy, static () => Json.OverlayPolicyRuleArray);

    /// <summary>Adds rules.</summary>
    public static readonly ApiMethod<CreateOverlayPolicy, OverlayPolicyChanged> OverlayCreatePolicy =
        new("overlay.createPolicy", EngineRole.Operator, "Adds rules, all or none, if the policy tests hold.", static () => Json.CreateOverlayPolicy, static () => Json.OverlayPolicyChanged);

    /// <summary>Replaces rules.</summary>
    public static readonly ApiMethod<SetOverlayPolicy, OverlayPolicyChanged> OverlaySetPolicy =
        new("overlay.setPolicy", EngineRole.Operator, "Replaces rules, all or none, if the policy tests hold.", static () => Json.SetOverlayPolicy, static () => Json.OverlayPolicyChanged);

    /// <summary>Removes rules.</summary>
    public static readonly ApiMethod<RemoveOverlayPolicy, OverlayPolicyChanged> OverlayRemovePolicy =
        new("overlay.removePolicy", EngineRole.Operator, "Removes rules, all or none, if the policy tests hold.", static () => Json.RemoveOverlayPolicy, static () => Json.OverlayPolicyChanged);

    /// <summary>Would a connection pass?</summary>
    public static readonly ApiMethod<TestOverlayPolicy, OverlayPolicyVerdict> OverlayTestPolicy =
        new("overlay.testPolicy", EngineRole.Reader, "Tells whether a connection would pass, and by which rule.", static () => Json.TestOverlayPolicy, static () => Json.OverlayPolicyVerdict);

    /// <summary>The audit log.</summary>
    public static readonly ApiMethod<ListOverlayAudit, OverlayAuditRecord[]> OverlayListAudit =
        new("overlay.listAudit", EngineRole.Operator, "Gives the newest records of the audit log.", static () => Json.ListOverlayAudit, static () => Json.OverlayAuditRecordArray);

    /// <summary>The topology.</summary>
    public static readonly ApiMethod<GetOverlayGraph, OverlayGraph> OverlayGetGraph =
        new("overlay.getGraph", EngineRole.Reader, "Gives nodes and sessions as this node knows them.", static () => Json.GetOverlayGraph, static () => Json.OverlayGraph);

    /// <summary>Tries what an overlay needs.</summary>
    public static readonly ApiMethod<RunOverlaySelfTest, OverlaySelfTestStep[]> OverlaySelfTest =
        new("overlay.selfTest", EngineRole.Operator, "Tries what an overlay needs of this host, without any peer.", static () => Json.RunOverlaySelfTest, static () => Json.OverlaySelfTestStepArray);

    /// <summary>Identities.</summary>
    public static readonly ApiMethod<ListOverlayIdentities, OverlayIdentity[]> OverlayListIdentities =
        new("overlay.listIdentities", EngineRole.Reader, "Lists node keys of this engine, public halves only.", static () => Json.ListOverlayIdentities, static () => Json.OverlayIdentityArray);

    /// <summary>Makes an identity.</summary>
    public static readonly ApiMethod<CreateOverlayIdentity, OverlayIdentity> OverlayCreateIdentity =
        new("overlay.createIdentity", EngineRole.Admin, "Makes a node key.", static () => Json.CreateOverlayIdentity, static () => Json.OverlayIdentity);

    /// <summary>Rotates an identity.</summary>
    public static readonly ApiMethod<RotateOverlayIdentity, OverlayIdentity> OverlayRotateIdentity =
        new("overlay.rotateIdentity", EngineRole.Admin, "Gives an identity a new key; the overlay address stays.", static () => Json.RotateOverlayIdentity, static () => Json.OverlayIdentity);

    /// <summary>Removes an identity.</summary>
    public static readonly ApiMethod<RemoveOverlayIdentity, Done> OverlayRemoveIdentity =
        new("overlay.removeIdentity", EngineRole.Admin, "Removes an identity no overlay uses.", static () => Json.RemoveOverlayIdentity, static () => Json.Done);

    /// <summary>Networks.</summary>
    public static readonly ApiMethod<ListOverlayNetworks, OverlayNetwork[]> OverlayListNetworks =
        new("overlay.listNetworks", EngineRole.Reader, "Lists networks whose signing key this engine holds.", static () => Json.ListOverlayNetworks, static () => Json.OverlayNetworkArray);

    /// <summary>Makes a network.</summary>
    public static readonly ApiMethod<CreateOverlayNetwork, OverlayNetwork> OverlayCreateNetwork =
        new("overlay.createNetwork", EngineRole.Admin, "Makes a network: a signing key on this engine.", static () => Json.CreateOverlayNetwork, static () => Json.OverlayNetwork);

    /// <summary>Removes a network.</summary>
    public static readonly ApiMethod<RemoveOverlayNetwork, Done> OverlayRemoveNetwork =
        new("overlay.removeNetwork", EngineRole.Admin, "Removes a network's signing key from this engine.", static () => Json.RemoveOverlayNetwork, static () => Json.Done);

    /// <summary>Backs a network up.</summary>
    public static readonly ApiMethod<ExportOverlayNetwork, TextReply> OverlayExportNetwork =
        new("overlay.exportNetwork", EngineRole.Admin, "Gives a network's signing key, encrypted under a passphrase.", static () => Json.ExportOverlayNetwork, static () => Json.TextReply);

    /// <summary>Brings a network back.</summary>
    public static readonly ApiMethod<ImportOverlayNetwork, OverlayNetwork> OverlayImportNetwork =
        new("overlay.importNetwork", EngineRole.Admin, "Brings a network's signing key back from its backup.", static () => Json.ImportOverlayNetwork, static () => Json.OverlayNetwork);

    /// <summary>Issues a certificate.</summary>
    public static readonly ApiMethod<IssueOverlayCertificate, OverlayCertificate> OverlayIssueCertificate =
        new("overlay.issueCertificate", EngineRole.Admin, "Issues a membership certificate.", static () => Json.IssueOverlayCertificate, static () => Json.OverlayCertificate);

    /// <summary>Certificates.</summary>
    public static readonly ApiMethod<ListOverlayCertificates, OverlayCertificate[]> OverlayListCertificates =
        new("overlay.listCertificates", EngineRole.Reader, "Lists certificates that were issued here.", static () => Json.ListOverlayCertificates, static () => Json.OverlayCertificateArray);

    /// <summary>Revokes certificates.</summary>
    public static readonly ApiMethod<RevokeOverlayCertificates, OverlayCertificate[]> OverlayRevokeCertificates =
        new("overlay.revokeCertificates", EngineRole.Admin, "Revokes certificates, all or none.", static () => Json.RevokeOverlayCertificates, static () => Json.OverlayCertificateArray);

    /// <summary>Makes an invitation.</summary>
    public static readonly ApiMethod<CreateOverlayInvitation, OverlayInvitation> OverlayCreateInvitation =
        new("overlay.createInvitation", EngineRole.Admin, "Makes an invitation with a one-time secret.", static () => Json.CreateOverlayInvitation, static () => Json.OverlayInvitation);

    /// <summary>Joins a network.</summary>
    public static readonly ApiMethod<JoinOverlay, Overlay> OverlayJoin =
        new("overlay.join", EngineRole.Admin, "Joins a network by an invitation.", static () => Json.JoinOverlay, static () => Json.Overlay);

    /// <summary>Join requests.</summary>
    public static readonly ApiMethod<ListOverlayJoinRequests, OverlayJoinRequest[]> OverlayListJoinRequests =
        new("overlay.listJoinRequests", EngineRole.Reader, "Lists nodes that asked to join.", static () => Json.ListOverlayJoinRequests, static () => Json.OverlayJoinRequestArray);

    /// <summary>Decides a join request.</summary>
    public static readonly ApiMethod<DecideOverlayJoinRequest, OverlayJoinRequest> OverlayDecideJoinRequest =
        new("overlay.decideJoinRequest", EngineRole.Admin, "Approves or denies a node that asked to join.", static () => Json.DecideOverlayJoinRequest, static () => Json.OverlayJoinRequest);

    /// <summary>Sends a message.</summary>
    public static readonly ApiMethod<SendOverlayMessage, Done> OverlaySendMessage =
        new("overlay.sendMessage", EngineRole.Operator, "Sends a message to applications of a peer; answers when the peer has it.", static () => Json.SendOverlayMessage, static () => Json.Done);

    /// <summary>Messages as they come.</summary>
    public static readonly ApiStream<ReceiveOverlayMessages, OverlayMessage> OverlayReceiveMessages =
        new("overlay.receiveMessages", EngineRole.Operator, "Streams messages of peers as they come.", static () => Json.ReceiveOverlayMessages, static () => Json.OverlayMessage);

    /// <summary>Opens a stream.</summary>
    public static readonly ApiMethod<OpenOverlayStream, OverlayStream> OverlayOpenStream =
        new("overlay.openStream", EngineRole.Operator, "Opens an application stream to a peer.", static () => Json.OpenOverlayStream, static () => Json.OverlayStream);

    /// <summary>Accepts a stream.</summary>
    public static readonly ApiMethod<AcceptOverlayStream, OverlayStream> OverlayAcceptStream =
        new("overlay.acceptStream", EngineRole.Operator, "Waits for an application stream a peer opens.", static () => Json.AcceptOverlayStream, static () => Json.OverlayStream);

    /// <summary>Sends over a stream.</summary>
    public static readonly ApiMethod<WriteOverlayStream, Done> OverlayWriteStream =
        new("overlay.writeStream", EngineRole.Operator, "Sends data over an application stream.", static () => Json.WriteOverlayStream, static () => Json.Done);

    /// <summary>Receives from a stream.</summary>
    public static readonly ApiStream<ReadOverlayStream, OverlayStreamData> OverlayReadStream =
        new("overlay.readStream", EngineRole.Operator, "Streams the data of an application stream.", static () => Json.ReadOverlayStream, static () => Json.OverlayStreamData);

    /// <summary>Ends a stream.</summary>
    public static readonly ApiMethod<CloseOverlayStream, Done> OverlayCloseStream =
        new("overlay.closeStream", EngineRole.Operator, "Ends an application stream.", static () => Json.CloseOverlayStream, static () => Json.Done);

    private static readonly ApiMethod[] OverlayMethods =
    [
        OverlayList, OverlayCreate, OverlaySet, OverlayRemove, OverlayRestart,
        OverlayListPeers, OverlayWatchPeers, OverlayAddPeers, OverlaySetPeers, OverlayRemovePeers,
        OverlayTestPeers, OverlayListRoutes, OverlayAddRoutes, OverlayRemoveRoutes, OverlayListPolicy,
        OverlayCreatePolicy, OverlaySetPolicy, OverlayRemovePolicy, OverlayTestPolicy, OverlayListAudit,
        OverlayGetGraph, OverlaySelfTest, OverlayListIdentities, OverlayCreateIdentity, OverlayRotateIdentity,
        OverlayRemoveIdentity, OverlayListNetworks, OverlayCreateNetwork, OverlayRemoveNetwork, OverlayExportNetwork,
        OverlayImportNetwork, OverlayIssueCertificate, OverlayListCertificates, OverlayRevokeCertificates, OverlayCreateInvitation,
        OverlayJoin, OverlayListJoinRequests, OverlayDecideJoinRequest, OverlaySendMessage, OverlayReceiveMessages,
        OverlayOpenStream, OverlayAcceptStream, OverlayWriteStream, OverlayReadStream, OverlayCloseStream,
    ];
}
