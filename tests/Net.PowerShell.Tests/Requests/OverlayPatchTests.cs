using Net.Contracts;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Tests.Requests;

public sealed class OverlayPatchTests
{
    // What stands in the document beside the parts a user gives with New-Overlay: these have cmdlets of their own.
    private static readonly string[] Elsewhere = ["Name", "Peers", "Routes", "Policy", "Audit"];

    private static readonly string[] Now =
    [
        "State", "StateReason", "NodeId", "PublicKey", "ActiveAddresses", "ListenEndpoint", "ResolverAddress", "ConnectedPeers",
        "WorkerProcessId", "WorkerResidentBytes", "WorkerRestarts", "SentBytes", "ReceivedBytes", "Drops", "ActiveShards",
    ];

    [Fact]
    public void Every_part_of_an_overlay_a_user_can_set_is_in_the_patch()
    {
        IEnumerable<string> settable = typeof(Overlay).GetProperties().Select(property => property.Name).Except(Elsewhere).Except(Now);

        Assert.Empty(settable.Except(typeof(OverlayPatch).GetProperties().Select(property => property.Name)));
    }

    [Fact]
    public void Nothing_given_changes_nothing_but_forgets_what_is_so_now()
    {
        var overlay = new Overlay { Name = "home", MtuBytes = 1300, ExitNode = "bob", IdleClose = TimeSpan.FromMinutes(1), Peers = [new OverlayPeer { Name = "bob" }] };
        Overlay seen = overlay with { State = OverlayState.Running, StateReason = "runs", WorkerProcessId = 7, Drops = new OverlayDrops() };

        Assert.Equal(overlay, new OverlayPatch().ApplyTo(seen));
        Assert.All(Now, name => Assert.Null(typeof(Overlay).GetProperty(name)!.GetValue(new OverlayPatch().ApplyTo(seen))));
    }

    [Fact]
    public void An_empty_text_takes_a_part_away_and_zero_keeps_sessions_up()
    {
        var overlay = new Overlay { Name = "home", Identity = "work", ExitNode = "bob", NetworkKey = "nmk1x", IdleClose = TimeSpan.FromMinutes(1) };

        Overlay changed = new OverlayPatch { Identity = string.Empty, ExitNode = string.Empty, NetworkKey = string.Empty, IdleClose = TimeSpan.Zero }.ApplyTo(overlay);

        Assert.Equal("default", changed.Identity);
        Assert.Null(changed.ExitNode);
        Assert.Null(changed.NetworkKey);
        Assert.Null(changed.IdleClose);
    }

    [Fact]
    public void Parts_of_the_audit_change_alone()
    {
        Overlay changed = new OverlayPatch { AuditConnections = false, AuditMaxFiles = 9 }.ApplyTo(new Overlay { Name = "home" });

        Assert.Equal(new OverlayAudit { Connections = false, MaxFiles = 9 }, changed.Audit);
    }

    [Fact]
    public void A_peer_keeps_what_was_not_given_and_loses_its_state()
    {
        var peer = new OverlayPeer
        {
            Overlay = "home",
            Name = "bob",
            PublicKey = "nmk1bob",
            Endpoints = ["192.0.2.1:1"],
            Subnets = [AddressRange.Parse("10.0.0.0/8")],
            State = OverlayPeerState.Up,
            RemoteEndpoint = "192.0.2.1:1",
            SentBytes = 5,
        };

        OverlayPeer changed = new OverlayPeerPatch { Endpoints = ["192.0.2.2:2"], IsExitNode = true }.ApplyTo(peer);

        Assert.Equal("nmk1bob", changed.PublicKey);
        Assert.Equal(["192.0.2.2:2"], changed.Endpoints);
        Assert.Equal(peer.Subnets, changed.Subnets);
        Assert.True(changed.IsExitNode);
        Assert.Null(changed.State);
        Assert.Null(changed.RemoteEndpoint);
        Assert.Null(changed.SentBytes);
        Assert.Null(new OverlayPeerPatch { PublicKey = string.Empty }.ApplyTo(peer).PublicKey);
    }

    [Fact]
    public void Every_part_of_a_peer_and_of_a_rule_a_user_can_set_is_in_their_patches()
    {
        string[] ofPeer = ["State", "StateReason", "StateSince", "NodeId", "Trust", "MemberOf", "ActiveAddresses", "RemoteEndpoint", "PathKind", "RoundTripTime", "PathMtuBytes",
            "CongestionWindowBytes", "Carriage", "SentBytes", "ReceivedBytes", "ConnectedAt", "MembershipExpires", "Connections"];

        Assert.Empty(Properties<OverlayPeer>().Except(ofPeer).Except(Properties<OverlayPeerPatch>()));
        Assert.Empty(Properties<OverlayPolicyRule>().Except(["Matches"]).Except(Properties<OverlayPolicyPatch>()));
    }

    [Fact]
    public void A_rule_keeps_its_place_and_forgets_its_count()
    {
        var rule = new OverlayPolicyRule { Overlay = "home", Name = "ssh", From = ["bob"], Protocol = IpProtocol.Tcp, StartTime = new TimeOnly(8, 0), Position = 4, Matches = 9 };

        OverlayPolicyRule changed = new OverlayPolicyPatch { From = [], Protocol = IpProtocol.Any, StartTime = TimeOnly.MinValue, EndTime = new TimeOnly(18, 0) }.ApplyTo(rule);

        Assert.Equal(["*"], changed.From);
        Assert.Null(changed.Protocol);
        Assert.Null(changed.StartTime);
        Assert.Equal(new TimeOnly(18, 0), changed.EndTime);
        Assert.Null(changed.Position);
        Assert.Null(changed.Matches);
        Assert.Equal(1, new OverlayPolicyPatch { Position = 1 }.ApplyTo(rule).Position);
    }

    private static IEnumerable<string> Properties<T>() => typeof(T).GetProperties().Select(property => property.Name).Where(name => name != "EqualityContract");
}
