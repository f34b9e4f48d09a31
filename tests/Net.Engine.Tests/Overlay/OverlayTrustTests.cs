using Net.Contracts;
using Net.Engine.Overlay;
using Net.Engine.Overlay.Stores;
using Net.Overlay.Control;
using Net.Overlay.Identity;
using Net.Overlay.Membership;
using Net.Workers.Overlay;

namespace Net.Engine.Tests.Overlay;

public sealed class OverlayTrustTests
{
    [Fact]
    public async Task A_stranger_is_refused_with_the_reason_on_both_sides()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig);

        worker.Say(new AuthorizePeer(5, PublicKeyText.Parse(OverlayKit.Key(rig)), "Mallory's PC", null, null, "203.0.113.5:999"));
        PeerAuthorized answer = worker.Next<PeerAuthorized>();

        Assert.Equal((5L, (int?)null, "its key is not known here"), (answer.RequestId, answer.PeerIndex, answer.Reason));
        string said = (await rig.EventAsync("OverlayPeerRefused")).Message;
        Assert.Contains("'mallory-s-pc'", said, StringComparison.Ordinal);
        Assert.Contains("203.0.113.5:999", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trust_on_first_use_keeps_the_peer_in_the_document_once_asked_for()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig, overlay => overlay with { TrustOnFirstUse = true });
        byte[] key = PublicKeyText.Parse(OverlayKit.Key(rig));

        worker.Say(new AuthorizePeer(1, key, "Bob", null, null, "203.0.113.5:999"));
        PeerAuthorized answer = worker.Next<PeerAuthorized>();
        await rig.EventAsync("OverlayPeerTrusted");
        await rig.EventAsync("ConfigurationApplied", 2);

        Assert.Equal(1, answer.PeerIndex);
        Assert.Equal("bob-2", worker.Model.Peers[1].Name);
        OverlayPeer kept = rig.Manager.Document.Overlay.Overlays[0].Peers[1];
        Assert.Equal(("bob-2", PublicKeyText.Format(key)), (kept.Name, kept.PublicKey));
        Assert.Equal(OverlayTrust.FirstUse, rig.Overlays.ListPeers(new ListOverlayPeers("home", ["bob-2"]))[0].Trust);
        await rig.Overlays.RemovePeersAsync(EngineRig.Admin, new RemoveOverlayPeers("home", ["bob-2"]), EngineRig.Token);
        Assert.Single(worker.ModelWhere(model => model.Peers.Length == 1).Peers);
    }

    [Fact]
    public async Task A_member_comes_by_its_certificate_and_goes_at_once_when_that_is_revoked()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        OverlayNetwork network = rig.Members.CreateNetwork(EngineRig.Admin, new CreateOverlayNetwork("corp"));
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig, overlay => overlay with { NetworkKey = network.PublicKey });
        string key = OverlayKit.Key(rig);
        OverlayCertificate certificate = rig.Members.IssueCertificate(EngineRig.Admin, new IssueOverlayCertificate("corp", key, "carol", ["servers"], null, [AddressRange.Parse("10.5.0.0/16")]));

        worker.Say(new AuthorizePeer(1, PublicKeyText.Parse(key), "carol", Bytes(certificate), null, "203.0.113.5:999"));
        Assert.Equal(1, worker.Next<PeerAuthorized>().PeerIndex);
        ModelPeer carol = worker.Model.Peers[1];
        Assert.Equal(certificate.Addresses, carol.Addresses);
        Assert.Equal(["servers"], carol.Groups);
        Assert.Equal(["10.5.0.0/16"], carol.Prefixes);
        Assert.Equal(certificate.NotAfter, carol.Expires);
        OverlayPeer listed = rig.Overlays.ListPeers(new ListOverlayPeers("home", ["carol"]))[0];
        Assert.Equal((OverlayTrust.Certificate, certificate.NotAfter), (listed.Trust, listed.MembershipExpires));

        int index = carol.Index;
        worker.Report("carol", "up");
        await rig.EventAsync("OverlayPeerUp");
        rig.Members.RevokeCertificates(EngineRig.Admin, new RevokeOverlayCertificates("corp", [certificate.Serial]));
        OverlayModel after = worker.ModelWhere(model => model.Peers.Length == 1);
        Assert.Equal(new ModelDeparture(index, $"certificate {certificate.Serial} was revoked by revocation list 1"), Assert.Single(after.Departed));
        Assert.Contains("was revoked", (await rig.EventAsync("OverlayPeerDown")).Message, StringComparison.Ordinal);
        Assert.Equal(1, after.RevocationSequence);
        worker.Say(new AuthorizePeer(2, PublicKeyText.Parse(key), "carol", Bytes(certificate), null, "203.0.113.5:999"));
        Assert.Contains("revoked", worker.Next<PeerAuthorized>().Reason, StringComparison.Ordinal);
        Assert.True(rig.Members.ListCertificates(new ListOverlayCertificates("corp"))[0].IsRevoked);
        await EngineRig.Refused(ErrorCatalogue.OverlayCertificateNotFound, () => Task.FromResult(rig.Members.RevokeCertificates(EngineRig.Admin, new RevokeOverlayCertificates("corp", [77]))));
    }

    [Fact]
    public async Task A_membership_that_expires_ends_by_itself()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        OverlayNetwork network = rig.Members.CreateNetwork(EngineRig.Admin, new CreateOverlayNetwork("corp"));
        (FakeWorker worker, string bob) = await OverlayKit.StartWithBob(rig, overlay => overlay with { NetworkKey = network.PublicKey });
        string key = OverlayKit.Key(rig);
        OverlayCertificate certificate = rig.Members.IssueCertificate(EngineRig.Admin, new IssueOverlayCertificate("corp", key, "carol", ValidFor: TimeSpan.FromMinutes(2)));
        worker.Say(new AuthorizePeer(1, PublicKeyText.Parse(key), "carol", Bytes(certificate), null, "203.0.113.5:999"));
        Assert.NotNull(worker.Next<PeerAuthorized>().PeerIndex);

        // In steps below the watchdog's patience; each answer shows that the worker was heard before time goes on. The last step is without a question.
        for (int second = 0; second < 118; second += 2)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(2));
            worker.Say(new AuthorizePeer(2, PublicKeyText.Parse(bob), "bob", null, null, "203.0.113.6:999"));
            Assert.NotNull(worker.Next<PeerAuthorized>().PeerIndex);
        }

        Assert.Equal(2, worker.Model.Peers.Length);
        rig.Clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal("bob", Assert.Single(worker.ModelWhere(model => model.Peers.Length == 1).Peers).Name);
    }

    [Fact]
    public async Task A_revocation_list_a_peer_shows_is_kept_over_a_restart()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await using EngineRig issuer = await new EngineRig("issuer").LoadedAsync();
        OverlayNetwork network = issuer.Members.CreateNetwork(EngineRig.Admin, new CreateOverlayNetwork("corp"));
        string key = OverlayKit.Key(rig);
        OverlayCertificate certificate = issuer.Members.IssueCertificate(EngineRig.Admin, new IssueOverlayCertificate("corp", key, "carol"));
        issuer.Members.RevokeCertificates(EngineRig.Admin, new RevokeOverlayCertificates("corp", [certificate.Serial]));
        byte[] list = issuer.OverlayContext.Networks.Get("corp").Revocations!;
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig, overlay => overlay with { NetworkKey = network.PublicKey });

        worker.Say(new RevocationsReceived(0, [.. list[..^1], (byte)(list[^1] ^ 1)]));
        worker.Say(new RevocationsReceived(0, list));
        await rig.EventAsync("OverlayCertificateRevoked");
        await rig.RestartAsync();
        FakeWorker next = rig.OverlayHost.NextWorker().Ready();

        next.Say(new AuthorizePeer(1, PublicKeyText.Parse(key), "carol", Bytes(certificate), null, "203.0.113.5:999"));
        Assert.Contains("revoked", next.Next<PeerAuthorized>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_key_is_followed_and_the_address_stays()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await using EngineRig other = await new EngineRig("bob").LoadedAsync();
        OverlayIdentity before = other.Members.CreateIdentity(EngineRig.Admin, new CreateOverlayIdentity("default"));
        await OverlayKit.Create(rig, OverlayKit.Home() with { Peers = [OverlayKit.Peer("bob", before.PublicKey)] });
        FakeWorker worker = rig.OverlayHost.NextWorker().Ready();
        string[] addresses = worker.Start.Model.Peers[0].Addresses;

        other.Members.RotateIdentity(EngineRig.Admin, new RotateOverlayIdentity("default"));
        OverlayIdentity after = other.Members.RotateIdentity(EngineRig.Admin, new RotateOverlayIdentity("DEFAULT"));
        byte[] succession = other.OverlayContext.Identities.Get("default").Succession!;
        worker.Say(new AuthorizePeer(1, PublicKeyText.Parse(after.PublicKey), "bob", null, succession, "203.0.113.5:999"));
        PeerAuthorized answer = worker.Next<PeerAuthorized>();
        await rig.EventAsync("ConfigurationApplied", 2);

        Assert.NotNull(answer.PeerIndex);
        Assert.Equal(before.NodeId, after.AddressNodeId);
        ModelPeer bob = Assert.Single(worker.Model.Peers);
        Assert.Equal(addresses, bob.Addresses);
        OverlayPeer kept = rig.Manager.Document.Overlay.Overlays[0].Peers[0];
        Assert.Equal((after.PublicKey, string.Join(',', addresses)), (kept.PublicKey, string.Join(',', kept.Addresses)));
        await rig.EventAsync("OverlayPeerKeyRotated");
    }

    [Fact]
    public async Task Rotating_ones_own_key_keeps_the_addresses_and_starts_the_worker_with_the_proof()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig);
        string[] addresses = worker.Start.Model.Addresses;

        rig.Members.RotateIdentity(EngineRig.Admin, new RotateOverlayIdentity("default"));
        FakeWorker next = rig.OverlayHost.NextWorker();

        Assert.Equal(addresses, next.Start.Model.Addresses);
        Assert.NotEqual(worker.Start.Seed, next.Start.Seed);
        Assert.NotNull(next.Start.Rotation);
        await EngineRig.Refused(ErrorCatalogue.OverlayIdentityInUse, () => rig.Members.RemoveIdentityAsync(EngineRig.Admin, new RemoveOverlayIdentity("default"), EngineRig.Token));
    }

    [Fact]
    public void A_succession_that_was_changed_or_is_of_others_is_not_followed()
    {
        var crypto = new FakeOverlayHost(new FakeNetwork()).Crypto;
        (byte[] seed, byte[] old) = IdentityStore.NewKey(crypto);
        (byte[] _, byte[] now) = IdentityStore.NewKey(crypto);
        byte[] good = KeySuccession.Append(null, seed, old, now, DateTimeOffset.UnixEpoch, crypto);
        var random = new Random(7);

        Assert.True(KeySuccession.TryFollow(good, now, key => key.AsSpan().SequenceEqual(old), crypto, out _, out _));
        Assert.False(KeySuccession.TryFollow(good, now, _ => false, crypto, out _, out string? unknown));
        Assert.Equal("none of the keys it had before is known here", unknown);
        Assert.False(KeySuccession.TryFollow(good, old, _ => true, crypto, out _, out _));
        for (int round = 0; round < 2000; round++)
        {
            byte[] bad = random.Next(4) == 0 ? good[..random.Next(good.Length)] : [.. good];
            if (bad.Length == good.Length)
            {
                bad[random.Next(bad.Length)] ^= (byte)random.Next(1, 256);
            }

            Assert.False(KeySuccession.TryFollow(bad, now, key => key.AsSpan().SequenceEqual(old), crypto, out _, out _));
        }
    }

    [Fact]
    public async Task Joining_by_an_invitation_grants_a_certificate_once()
    {
        await using EngineRig issuer = await new EngineRig("hub").LoadedAsync();
        await using EngineRig joiner = await new EngineRig("laptop").LoadedAsync();
        (FakeWorker hub, OverlayInvitation invitation) = await InviteAsync(issuer, needsApproval: false);

        Task<Net.Contracts.Overlay> joining = joiner.Joins.JoinAsync(EngineRig.Admin, new JoinOverlay(invitation.Text!), EngineRig.Token);
        FakeWorker worker = joiner.OverlayHost.NextWorker().Ready();
        byte[] frame = worker.Start.Model.Peers.Single().Join!;
        byte[] key = joiner.OverlayContext.Identities.Get("default").PublicKey;
        hub.Say(new JoinRequested(4, key, frame, "203.0.113.7:1"));
        AnswerJoin answer = hub.Next<AnswerJoin>();
        worker.Say(new JoinAnswered(0, answer.Reply));
        Net.Contracts.Overlay joined = await joining;
        await joiner.EventAsync("ConfigurationApplied", 2);

        Assert.True(answer.IsLast);
        Assert.Empty(Assert.Single(issuer.OverlayContext.Joins.Invitations()).Content);
        Assert.Equal("home", joined.Name);
        Assert.True(MembershipCertificate.TryParse(joiner.Manager.Document.Overlay.Overlays[0].Certificate, out MembershipCertificate? certificate, out _));
        Assert.Equal("laptop", certificate.Name);
        FakeWorker next = joiner.OverlayHost.NextWorker();
        Assert.Equal(certificate.Encode(), next.Start.Certificate);
        Assert.Null(next.Start.Model.Peers[0].Join);
        hub.Say(new AuthorizePeer(5, key, "laptop", next.Start.Certificate, null, "203.0.113.7:1"));
        Assert.NotNull(hub.Next<PeerAuthorized>().PeerIndex);

        // Whoever did not hear the answer asks again, although the secret is erased.
        hub.Say(new JoinRequested(8, key, frame, "203.0.113.7:1"));
        Assert.Equal(JoinStatus.Granted, Reply(hub.Next<AnswerJoin>().Reply).Status);
        Assert.True(Invitation.TryParse(invitation.Text, out Invitation? parsed, out _));
        byte[] thief = PublicKeyText.Parse(OverlayKit.Key(issuer));
        hub.Say(new JoinRequested(6, thief, ControlWriter.ToArray(new JoinRequestMessage(parsed.CreateRequest(thief, "thief"))), "203.0.113.8:1"));
        Assert.Equal(JoinStatus.Refused, Reply(hub.Next<AnswerJoin>().Reply).Status);
        hub.Say(new JoinRequested(7, thief, frame, "203.0.113.8:1"));
        Assert.Equal(JoinStatus.Refused, Reply(hub.Next<AnswerJoin>().Reply).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_join_that_needs_approval_waits_for_the_decision(bool approve)
    {
        await using EngineRig issuer = await new EngineRig("hub").LoadedAsync();
        (FakeWorker hub, OverlayInvitation invitation) = await InviteAsync(issuer, needsApproval: true);
        Assert.True(Invitation.TryParse(invitation.Text, out Invitation? parsed, out _));
        byte[] key = PublicKeyText.Parse(OverlayKit.Key(issuer));
        byte[] frame = ControlWriter.ToArray(new JoinRequestMessage(parsed.CreateRequest(key, "laptop")));

        hub.Say(new JoinRequested(4, key, frame, "203.0.113.7:1"));
        AnswerJoin first = hub.Next<AnswerJoin>();
        OverlayJoinRequest waiting = Assert.Single(issuer.Joins.List(new ListOverlayJoinRequests("home")));
        issuer.Joins.Decide(new DecideOverlayJoinRequest(waiting.Id, approve));
        AnswerJoin second = hub.Next<AnswerJoin>();

        Assert.Equal((JoinStatus.Pending, false), (Reply(first.Reply).Status, first.IsLast));
        Assert.Empty(Assert.Single(issuer.OverlayContext.Joins.Invitations()).Content);
        Assert.Equal((4L, approve ? JoinStatus.Granted : JoinStatus.Refused, true), (second.RequestId, Reply(second.Reply).Status, second.IsLast));
        Assert.Equal(approve ? JoinState.Approved : JoinState.Denied, issuer.Joins.List(new ListOverlayJoinRequests())[0].State);
        await issuer.EventAsync("OverlayJoinRequested");
        await issuer.EventAsync("OverlayJoinDecided");
    }

    [Fact]
    public async Task A_networks_key_survives_its_backup_and_nothing_gives_seeds_away()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await using EngineRig other = await new EngineRig().LoadedAsync();
        OverlayNetwork network = rig.Members.CreateNetwork(EngineRig.Admin, new CreateOverlayNetwork("corp"));
        rig.Members.IssueCertificate(EngineRig.Admin, new IssueOverlayCertificate("corp", OverlayKit.Key(rig), "carol"));

        string text = rig.Members.ExportNetwork(EngineRig.Admin, new ExportOverlayNetwork("corp", "correct horse battery")).Text;
        OverlayNetwork back = other.Members.ImportNetwork(EngineRig.Admin, new ImportOverlayNetwork(text, "correct horse battery", "corp2"));

        Assert.Equal((network.PublicKey, "corp2", 1), (back.PublicKey, back.Name, back.Certificates));
        OverlayCertificate next = other.Members.IssueCertificate(EngineRig.Admin, new IssueOverlayCertificate("corp2", OverlayKit.Key(rig), "dave"));
        Assert.Equal(2, next.Serial);
        await EngineRig.Refused(ErrorCatalogue.BackupUnreadable, () => Task.FromResult(other.Members.ImportNetwork(EngineRig.Admin, new ImportOverlayNetwork(text, "wrong horse battery"))));
        string seed = Convert.ToBase64String(rig.OverlayContext.Networks.Get("corp").Seed);
        Assert.DoesNotContain(seed, rig.OverlayContext.Networks.Get("corp").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(seed, text, StringComparison.Ordinal);
        string file = Path.Combine(rig.Options.StateFolder, "overlay", "networks", "corp.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static async Task<(FakeWorker Worker, OverlayInvitation Invitation)> InviteAsync(EngineRig issuer, bool needsApproval)
    {
        OverlayNetwork network = issuer.Members.CreateNetwork(EngineRig.Admin, new CreateOverlayNetwork("corp"));
        (FakeWorker hub, string _) = await OverlayKit.StartWithBob(issuer, overlay => overlay with { NetworkKey = network.PublicKey });
        return (hub, issuer.Joins.Invite(EngineRig.Admin, new CreateOverlayInvitation("home", ["192.0.2.1:47900"], NeedsApproval: needsApproval)));
    }

    private static JoinReply Reply(byte[] frame)
    {
        var reader = new ControlReader();
        reader.Append(frame);
        Assert.Equal(ControlReadResult.Message, reader.TryRead(out ControlMessage? message));
        return Assert.IsType<JoinReply>(message);
    }

    private static byte[] Bytes(OverlayCertificate certificate) => MembershipCertificate.TryParse(certificate.Text, out MembershipCertificate? parsed, out _) ? parsed.Encode() : [];
}
