using System.Collections;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Requests;

public sealed class OverlayKindTests
{
    private static readonly OverlayPeer[] Peers =
    [
        new() { Overlay = "home", Name = "bob", NodeId = "nm1bob", PublicKey = "nmk1bob" },
        new() { Overlay = "work", Name = "bob", NodeId = "nm1bob2" },
        new() { Overlay = "work", Name = "eve" },
    ];

    [Fact]
    public void Peers_of_one_name_in_two_overlays_are_both_found() =>
        Assert.Equal(2, Selection<OverlayPeer>.From(OverlayKinds.Peers("*"), [new Wanted("BOB")], Peers).Items.Count());

    [Theory]
    [InlineData("nm1bob2", "work")]
    [InlineData("nmk1bob", "home")]
    [InlineData("work/bob", "work")]
    public void A_peer_answers_to_its_node_id_and_its_key(string name, string overlay) =>
        Assert.Equal(overlay, Selection<OverlayPeer>.From(OverlayKinds.Peers("*"), [new Wanted(name)], Peers).Items.Single().Overlay);

    [Theory]
    [InlineData("*", null)]
    [InlineData("", null)]
    [InlineData("home", "home")]
    [InlineData("h*", "h*")]
    public async Task The_engine_is_asked_for_the_overlay_at_hand(string overlay, string? asked)
    {
        FakeEngine engine = new FakeEngine()
            .Answer(EngineApi.OverlayListPeers, _ => Peers)
            .Answer(EngineApi.OverlayListPolicy, _ => [])
            .Answer(EngineApi.OverlayListCertificates, _ => []);

        await Selection<OverlayPeer>.ReadAsync(OverlayKinds.Peers(overlay), [new Wanted("bob")], engine, CancellationToken.None);
        await Selection<OverlayPolicyRule>.ReadAsync(OverlayKinds.Rules(overlay), [new Wanted("*")], engine, CancellationToken.None);
        await Selection<OverlayCertificate>.ReadAsync(OverlayKinds.Certificates(overlay), [new Wanted("*")], engine, CancellationToken.None);

        ListOverlayPeers peers = engine.RequestsOf<ListOverlayPeers>().Single();
        Assert.Equal(asked, peers.Overlay);
        Assert.Equal(["bob"], peers.Names!);
        Assert.Equal(asked, engine.RequestsOf<ListOverlayPolicy>().Single().Overlay);
        Assert.Equal(asked, engine.RequestsOf<ListOverlayCertificates>().Single().Network);
    }

    [Fact]
    public async Task Changing_peers_names_them_as_the_engine_does_and_sends_the_whole_again()
    {
        FakeEngine engine = new FakeEngine()
            .Answer(EngineApi.EngineStatus, _ => Sample.Status(7))
            .Answer(EngineApi.OverlayListPeers, _ => [Peers[0]])
            .Answer(EngineApi.OverlaySetPeers, request => new OverlayPeersChanged(request.Peers, Sample.Outcome()));

        OverlayPeersChanged changed = await Edit.CommitAsync(
            OverlayKinds.PeersOf("home"),
            [new Wanted("bob")],
            (peer, _) => new OverlayPeerPatch { Endpoints = ["192.0.2.1:1"] }.ApplyTo(peer),
            new ChangeOptions(),
            (peers, guarded, token) => engine.CallAsync(EngineApi.OverlaySetPeers, new SetOverlayPeers(peers, guarded), token),
            engine,
            CancellationToken.None);

        OverlayPeer sent = changed.Peers.Single();
        Assert.Equal(("home", "bob", "nmk1bob"), (sent.Overlay, sent.Name, sent.PublicKey));
        Assert.Null(sent.NodeId);
        Assert.Equal(7, engine.RequestsOf<SetOverlayPeers>().Single().Change!.ExpectedGeneration);
        Assert.Equal("bob", OverlayKinds.PeersOf("home").Exactly(Peers[0]).Name);
    }

    [Fact]
    public async Task Names_of_peers_complete_for_the_overlay_that_is_typed_already()
    {
        FakeEngine engine = new FakeEngine().Answer(EngineApi.OverlayListPeers, _ => Peers);

        IEnumerable<Candidate> of = await Ask(new OverlayPeerNameCompleter(), engine, new Hashtable { ["Overlay"] = "home" });
        IEnumerable<Candidate> all = await Ask(new OverlayPeerNameCompleter(), engine, new Hashtable());

        Assert.Equal(["home", null], engine.RequestsOf<ListOverlayPeers>().Select(request => request.Overlay));
        Assert.Equal(3, of.Count());
        Assert.Equal(3, all.Count());
    }

    [Fact]
    public async Task The_words_of_a_policy_complete()
    {
        FakeEngine engine = new FakeEngine()
            .Answer(EngineApi.OverlayListPeers, _ => [Peers[0] with { MemberOf = ["staff"] }])
            .Answer(EngineApi.OverlayList, _ => [new Overlay { Name = "home", Groups = [new OverlayGroup("servers", ["bob"])] }]);

        IEnumerable<Candidate> words = await Ask(new OverlayEndCompleter(), engine, new Hashtable { ["Overlay"] = "home" });

        Assert.Equal(["*", "self", "bob", "group:servers", "group:staff"], words.Select(word => word.Text));
    }

    [Fact]
    public async Task Every_other_completer_offers_what_the_engine_has()
    {
        FakeEngine engine = new FakeEngine()
            .Answer(EngineApi.OverlayList, _ => [new Overlay { Name = "home" }])
            .Answer(EngineApi.OverlayListPolicy, _ => [new OverlayPolicyRule { Name = "ssh" }])
            .Answer(EngineApi.OverlayListRoutes, _ => [new OverlayRoute { Prefix = AddressRange.Parse("10.0.0.0/8"), Source = "document" }, new OverlayRoute { Prefix = AddressRange.Parse("10.1.0.0/16"), Source = "advertised" }])
            .Answer(EngineApi.OverlayListIdentities, _ => [new OverlayIdentity { Name = "default", NodeId = "nm1", PublicKey = "nmk1" }])
            .Answer(EngineApi.OverlayListNetworks, _ => [new OverlayNetwork { Name = "office", PublicKey = "nmk1" }])
            .Answer(EngineApi.OverlayListCertificates, _ => [new OverlayCertificate { Network = "office", Serial = 17, Name = "eve", NodeId = "nm1", PublicKey = "nmk1", Text = "nmc1" }])
            .Answer(EngineApi.OverlayListJoinRequests, _ =>
            [
                new OverlayJoinRequest("7f3a", "home", "laptop", "nm1", "nmk1", "192.0.2.1:1", JoinState.Pending, DateTimeOffset.UnixEpoch),
                new OverlayJoinRequest("8888", "home", "phone", "nm1", "nmk1", "192.0.2.1:1", JoinState.Denied, DateTimeOffset.UnixEpoch),
            ]);
        EngineCompleter[] completers =
        [
            new OverlayNameCompleter(), new OverlayPolicyNameCompleter(), new OverlayRoutePrefixCompleter(), new OverlayIdentityNameCompleter(),
            new OverlayNetworkNameCompleter(), new OverlayCertificateCompleter(), new OverlayJoinRequestCompleter(),
        ];

        var found = new List<string>();
        foreach (EngineCompleter completer in completers)
        {
            found.AddRange((await Ask(completer, engine, new Hashtable())).Select(candidate => candidate.Text));
        }

        Assert.Equal(["home", "ssh", "10.0.0.0/8", "default", "office", "17", "7f3a"], found);
    }

    private static Task<IEnumerable<Candidate>> Ask(EngineCompleter completer, IEngineCaller engine, IDictionary bound) => completer.AskAsync(engine, bound, CancellationToken.None);
}
