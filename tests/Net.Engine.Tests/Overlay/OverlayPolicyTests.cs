using Net.Contracts;
using Net.Workers.Overlay;

namespace Net.Engine.Tests.Overlay;

public sealed class OverlayPolicyTests
{
    [Fact]
    public async Task Rules_are_added_in_place_asked_and_counted()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig);
        await rig.Overlays.CreatePolicyAsync(EngineRig.Admin, new CreateOverlayPolicy([Rule("web", "443"), Rule("ssh", "22") with { Position = 1, Action = OverlayAction.Deny }]), EngineRig.Token);

        Assert.Equal(["ssh", "web"], worker.ModelWhere(model => model.Rules.Length == 2).Rules.Select(rule => rule.Name));
        OverlayPolicyVerdict web = rig.Overlays.TestPolicy(new TestOverlayPolicy("home", "bob", "self", IpProtocol.Tcp, 443));
        OverlayPolicyVerdict ssh = rig.Overlays.TestPolicy(new TestOverlayPolicy("home", "bob", "alice", IpProtocol.Tcp, 22));
        OverlayPolicyVerdict other = rig.Overlays.TestPolicy(new TestOverlayPolicy("home", "bob", "self", IpProtocol.Tcp, 80));
        OverlayPolicyVerdict own = rig.Overlays.TestPolicy(new TestOverlayPolicy("home", "self", "bob", IpProtocol.Tcp, 443));

        Assert.Equal((OverlayAction.Allow, "web"), (web.Action, web.Rule));
        Assert.Equal((OverlayAction.Deny, "ssh"), (ssh.Action, ssh.Rule));
        Assert.Equal((OverlayAction.Deny, (string?)null), (other.Action, other.Rule));
        Assert.Equal((OverlayAction.Allow, (string?)null), (own.Action, own.Rule));
        worker.Report("bob", "up");
        await rig.EventAsync("OverlayPeerUp");
        Assert.Equal([7L, 0L], rig.Overlays.ListPolicy(new ListOverlayPolicy("home")).Select(rule => rule.Matches));
        await rig.Overlays.SetPolicyAsync(EngineRig.Admin, new SetOverlayPolicy([Rule("ssh", "2222") with { Position = 2 }]), EngineRig.Token);
        Assert.Equal(["web", "ssh"], rig.Overlays.ListPolicy(new ListOverlayPolicy("home")).Select(rule => rule.Name));
        await rig.Overlays.RemovePolicyAsync(EngineRig.Admin, new RemoveOverlayPolicy("home", ["WEB"]), EngineRig.Token);
        await EngineRig.Refused(ErrorCatalogue.OverlayPolicyNotFound, () => rig.Overlays.RemovePolicyAsync(EngineRig.Admin, new RemoveOverlayPolicy("home", ["web"]), EngineRig.Token));
    }

    [Fact]
    public async Task A_policy_test_that_would_not_hold_refuses_the_change()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker _, string key) = await OverlayKit.StartWithBob(rig, overlay => overlay with
        {
            Policy = [Rule("web", "443") with { Overlay = null }],
            PolicyTests = [new OverlayPolicyTest("bob", "self", IpProtocol.Tcp, 443, OverlayAction.Allow), new OverlayPolicyTest("bob", "self", IpProtocol.Tcp, 22, OverlayAction.Deny)],
        });

        EngineException refused = await EngineRig.Refused(ErrorCatalogue.OverlayPolicyTestFailed, () => rig.Overlays.RemovePolicyAsync(EngineRig.Admin, new RemoveOverlayPolicy("home", ["web"]), EngineRig.Token));

        Assert.Contains("443", refused.Message, StringComparison.Ordinal);
        Assert.Single(rig.Manager.Document.Overlay.Overlays[0].Policy);
    }

    [Fact]
    public async Task Decisions_go_to_the_audit_log_and_come_back_newest_last()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        (FakeWorker worker, string _) = await OverlayKit.StartWithBob(rig, overlay => overlay with { Policy = [Rule("web", "443") with { Overlay = null }] });
        FlowRecord denied = new() { Time = rig.Clock.GetUtcNow(), FromPeer = 0, ToPeer = -1, Source = "100.64.0.1", Destination = "100.64.0.2", DestinationPort = 22, SourcePort = 40000, Protocol = 6, Rule = -1, Count = 3 };

        worker.Say(new AuditReport([denied with { IsConnection = true, Allowed = true, Rule = 0, Time = denied.Time.AddSeconds(-1), Duration = TimeSpan.FromSeconds(2), SentBytes = 9 }, denied], 2));
        await rig.EventAsync("OverlayAuditFailed");

        OverlayAuditRecord[] all = rig.Overlays.ListAudit(new ListOverlayAudit("home"));
        Assert.Equal(["connection", "decision"], all.Select(record => record.Event));
        Assert.Equal(("web", TimeSpan.FromSeconds(2), 9L), (all[0].Rule, all[0].Duration, all[0].SentBytes));
        Assert.Equal(("bob", "alice", "tcp", 22, OverlayAction.Deny, 3L), (all[1].SourceNode, all[1].DestinationNode, all[1].Protocol, all[1].DestinationPort, all[1].Action, all[1].Count));
        Assert.Equal("decision", Assert.Single(rig.Overlays.ListAudit(new ListOverlayAudit("home", DeniedOnly: true))).Event);
    }

    [Fact]
    public void The_audit_log_rotates_keeps_so_many_files_and_reads_over_them()
    {
        using var folder = new TemporaryFolder();
        var settings = new OverlayAudit { MaxFileBytes = 64 << 10, MaxFiles = 2 };
        using (var log = new Net.Engine.Overlay.Audit.AuditLog(folder.Sub("audit"), "home"))
        {
            for (int batch = 0; batch < 20; batch++)
            {
                log.Append([.. Enumerable.Range(0, 100).Select(one => Record((batch * 100) + one))], settings);
            }

            Assert.Equal(Enumerable.Range(1000, 1000).Select(one => (long)one), log.Newest(1000, deniedOnly: false).Select(record => record.SentBytes));
        }

        Assert.Equal(3, Directory.GetFiles(folder.Sub("audit")).Length);
        File.AppendAllText(Path.Combine(folder.Sub("audit"), "home.jsonl"), "{\"time\":\"2026");
        using var again = new Net.Engine.Overlay.Audit.AuditLog(folder.Sub("audit"), "home");
        again.Append([Record(5000)], settings);
        Assert.Equal([1999L, 5000L], again.Newest(2, deniedOnly: false).Select(record => record.SentBytes));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Sub("audit"), "home.jsonl")));
    }

    [Theory]
    [InlineData("a b", null, null, "overlay.overlays[0].name")]
    [InlineData("home", "192.0.2.1", null, "overlay.overlays[0].peers[0].endpoints")]
    [InlineData("home", "bad host:1", null, "overlay.overlays[0].peers[0].endpoints")]
    [InlineData("home", null, "nobody", "overlay.overlays[0].policy[0]")]
    [InlineData("home", null, "group:x", "overlay.overlays[0].policy[0]")]
    public async Task Documents_that_make_no_sense_are_refused_with_their_place(string name, string? endpoint, string? word, string place)
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        OverlayPeer bob = OverlayKit.Peer("bob", OverlayKit.Key(rig));

        EngineException refused = await EngineRig.Refused(ErrorCatalogue.OverlayInvalid, () => OverlayKit.Create(rig, new Net.Contracts.Overlay
        {
            Name = name,
            Peers = [endpoint is null ? bob : bob with { Endpoints = [endpoint] }],
            Policy = word is null ? [] : [new OverlayPolicyRule { Name = "r", From = [word] }],
        }));

        Assert.Equal(place, refused.Target);
    }

    [Fact]
    public async Task Settings_out_of_their_bounds_are_refused()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        OverlayPeer bob = OverlayKit.Peer("bob", OverlayKit.Key(rig));
        Net.Contracts.Overlay home = OverlayKit.Home();
        Net.Contracts.Overlay[] wrong =
        [
            home with { MtuBytes = 1279 }, home with { ListenPort = 70000 }, home with { ListenAddress = "host" }, home with { KeepAlive = TimeSpan.Zero },
            home with { BusyPoll = TimeSpan.FromSeconds(2) }, home with { Shards = 0 }, home with { Shards = 65 },
            home with { IdleClose = TimeSpan.FromSeconds(1) }, home with { Prefix = AddressRange.Parse("10.0.0.0/31") }, home with { InterfaceAlias = "a/b" },
            home with { ExitNode = "bob" }, home with { Peers = [bob], ExitNode = "bob" }, home with { Topology = OverlayTopology.HubAndSpoke }, home with { NetworkKey = "nmk1zzz" },
            home with { Peers = [bob with { PublicKey = "nmk1zzz" }] }, home with { Peers = [bob with { PublicKey = null }] }, home with { Peers = [bob with { Name = "self" }] },
            home with { Peers = [bob with { Addresses = ["100.100.100.7"] }] }, home with { Routes = [new OverlayRoute { Prefix = AddressRange.Parse("10.0.0.0/8"), Peer = "carol" }] },
            home with { Peers = [bob], Routes = [new OverlayRoute { Prefix = AddressRange.Parse("10.0.0.0/8"), Peer = "bob", Masquerade = true }] },
            home with { Policy = [new OverlayPolicyRule { Name = "r", Port = [new PortRange(80)] }] }, home with { Policy = [new OverlayPolicyRule { Name = "r", TimeZone = "Mars/Base" }] },
            home with { Audit = new OverlayAudit { MaxFiles = 0 } }, home with { Groups = [new OverlayGroup("g", ["nobody"])] },
        ];

        foreach (Net.Contracts.Overlay one in wrong)
        {
            await EngineRig.Refused(ErrorCatalogue.OverlayInvalid, () => OverlayKit.Create(rig, one));
        }

        await EngineRig.Refused(ErrorCatalogue.OverlayCertificateInvalid, () => OverlayKit.Create(rig, home with { Certificate = "nmc1zzz" }));
        await EngineRig.Refused(ErrorCatalogue.OverlayIdentityNotFound, () => OverlayKit.Create(rig, home with { Identity = "other" }));
        await EngineRig.Refused(ErrorCatalogue.OverlayPeerExists, () => OverlayKit.Create(rig, home with { Peers = [bob, bob with { Name = "bob2" }] }));
    }

    private static OverlayPolicyRule Rule(string name, string port) =>
        new() { Overlay = "home", Name = name, From = ["bob"], To = ["self"], Protocol = IpProtocol.Tcp, Port = [PortRange.Parse(port)] };

    private static OverlayAuditRecord Record(int number) => new() { Overlay = "home", Event = "connection", SentBytes = number, Action = OverlayAction.Allow };
}
