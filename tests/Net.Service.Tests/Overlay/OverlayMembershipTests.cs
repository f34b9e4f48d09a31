using Net.Contracts;

namespace Net.Service.Tests.Overlay;

/// <summary>Joining a network by an invitation somebody approves, and being thrown out of it.</summary>
public sealed class OverlayMembershipTests : IAsyncLifetime
{
    private OverlayNode? _issuer;
    private OverlayNode? _joiner;
    private Lab.Lab? _lab;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        TestHost.RequireRoot();
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "needs /dev/net/tun");
        _lab = await TestHost.PairAsync();
        _issuer = await OverlayNode.StartAsync(_lab.Node("left"));
        _joiner = await OverlayNode.StartAsync(_lab.Node("right"));
    }

    [Fact]
    public async Task A_node_joins_after_approval_and_a_revocation_ends_its_session_with_the_reason_on_both_sides()
    {
        OverlayNode issuer = _issuer!;
        OverlayNode joiner = _joiner!;
        OverlayNetwork corp = await issuer.Client.CallAsync(EngineApi.OverlayCreateNetwork, new CreateOverlayNetwork("corp"), Token);
        await issuer.CreateAsync(new Contracts.Overlay
        {
            Name = OverlayNode.Net,
            NetworkKey = corp.PublicKey,
            Policy = [new OverlayPolicyRule { Name = "staff", From = ["group:staff"], To = ["self"] }],
        });
        OverlayInvitation invitation = await issuer.Client.CallAsync(
            EngineApi.OverlayCreateInvitation, new CreateOverlayInvitation(OverlayNode.Net, ["10.1.0.1:47900"], NeedsApproval: true, Groups: ["staff"]), Token);

        Task<Contracts.Overlay> joining = joiner.Client.CallAsync(EngineApi.OverlayJoin, new JoinOverlay(invitation.Text!, NodeName: "laptop", Timeout: Wait.Patience), Token);
        await EngineProcess.EventAsync(issuer.Client, "OverlayJoinRequested");
        OverlayJoinRequest request = Assert.Single(await issuer.Client.CallAsync(EngineApi.OverlayListJoinRequests, new ListOverlayJoinRequests(OverlayNode.Net), Token));
        Assert.Equal(("laptop", JoinState.Pending, joiner.PublicKey), (request.Name, request.State, request.PublicKey));
        await issuer.Client.CallAsync(EngineApi.OverlayDecideJoinRequest, new DecideOverlayJoinRequest(request.Id, Approve: true), Token);
        await joining;

        OverlayPeer member = await issuer.PeerAsync("laptop");
        Assert.Equal(OverlayTrust.Certificate, member.Trust);
        Assert.Equal(["staff"], member.MemberOf!);
        await joiner.RunsAsync();
        await OverlayNode.ReachesAsync(joiner.Node, issuer.Address);

        // The groups of its certificate are this node's own in its rules.
        await joiner.Client.CallAsync(EngineApi.OverlayCreatePolicy, new CreateOverlayPolicy([new OverlayPolicyRule { Overlay = OverlayNode.Net, Name = "in", To = ["group:staff"] }]), Token);
        await OverlayNode.ReachesAsync(issuer.Node, joiner.Address);
        Assert.DoesNotContain(invitation.Text!, await EverythingKeptAsync(issuer), StringComparison.Ordinal);

        OverlayCertificate certificate = Assert.Single(await issuer.Client.CallAsync(EngineApi.OverlayListCertificates, new ListOverlayCertificates("corp", ["laptop"]), Token));
        await issuer.Client.CallAsync(EngineApi.OverlayRevokeCertificates, new RevokeOverlayCertificates("corp", [certificate.Serial]), Token);

        EngineEvent here = await EngineProcess.EventAsync(issuer.Client, "OverlayPeerDown", item => item.Message.Contains("laptop", StringComparison.Ordinal));
        Assert.Contains("revoked", here.Message, StringComparison.Ordinal);
        OverlayPeer[] peers = await joiner.Client.CallAsync(EngineApi.OverlayListPeers, new ListOverlayPeers(OverlayNode.Net), Token);
        OverlayPeer there = await joiner.PeerAsync(Assert.Single(peers).Name, peer => peer.State != OverlayPeerState.Up && peer.StateReason?.Contains("revoked", StringComparison.Ordinal) == true);
        Assert.NotEqual(OverlayPeerState.Up, there.State);
        Assert.Equal(0, (await joiner.Node.PingAsync(issuer.Address, timeout: TimeSpan.FromSeconds(0.3), cancellationToken: Token)).Received);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (OverlayNode? node in new[] { _issuer, _joiner })
        {
            if (node is not null)
            {
                await node.DisposeAsync();
            }
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    private static async Task<string> EverythingKeptAsync(OverlayNode node)
    {
        List<string> all = [node.Engine.Log];
        foreach (string file in Directory.EnumerateFiles(node.Engine.Folder.State, "*.json", SearchOption.AllDirectories))
        {
            all.Add(await File.ReadAllTextAsync(file, Token));
        }

        return string.Join('\n', all);
    }
}
