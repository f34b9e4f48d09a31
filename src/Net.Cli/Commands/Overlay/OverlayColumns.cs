using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>Overlays and what they are made of, as tables show them.</summary>
internal static class OverlayColumns
{
    /// <summary>The columns of overlays.</summary>
    public static TableColumn<Overlay>[] Overlays() =>
    [
        new("Name", overlay => overlay.Name),
        new("State", overlay => overlay.State is { } state ? Text.Name(state) : null) { Tone = overlay => ToneOf(overlay.State) },
        new("Addresses", overlay => Text.List(overlay.ActiveAddresses ?? [])) { IsFlexible = true },
        new("Listen", overlay => overlay.ListenEndpoint),
        new("Peers", Connected) { IsNumber = true },
        new("Reason", overlay => overlay.StateReason) { IsFlexible = true },
    ];

    /// <summary>The columns of peers.</summary>
    public static TableColumn<OverlayPeer>[] Peers() =>
    [
        new("Overlay", peer => peer.Overlay),
        new("Name", peer => peer.Name),
        new("State", peer => peer.State is { } state ? Text.Name(state) : null) { Tone = peer => ToneOf(peer.State) },
        new("Remote", peer => peer.RemoteEndpoint) { IsFlexible = true },
        new("RTT ms", peer => Text.Milliseconds(peer.RoundTripTime)) { IsNumber = true },
        new("Addresses", peer => Text.List(peer.ActiveAddresses ?? [])) { IsFlexible = true },
        new("Reason", peer => peer.StateReason) { IsFlexible = true },
    ];

    /// <summary>The columns of tests of peers.</summary>
    public static TableColumn<OverlayPeerTest>[] Tests() =>
    [
        new("Name", test => test.Name),
        new("State", test => Text.Name(test.State)) { Tone = test => ToneOf(test.State) },
        new("Echoes", test => $"{test.Received}/{test.Sent}") { IsNumber = true },
        new("Min ms", test => Text.Milliseconds(test.MinimumRoundTripTime)) { IsNumber = true },
        new("Median ms", test => Text.Milliseconds(test.MedianRoundTripTime)) { IsNumber = true },
        new("MTU bytes", test => Text.Number(test.PathMtuBytes)) { IsNumber = true },
        new("Mbit/s", test => Text.Megabits(test.ThroughputBitsPerSecond)) { IsNumber = true },
        new("Reason", test => test.Reason) { IsFlexible = true },
    ];

    /// <summary>The columns of routes.</summary>
    public static TableColumn<OverlayRoute>[] Routes() =>
    [
        new("Overlay", route => route.Overlay),
        new("Prefix", route => route.Prefix.ToString()),
        new("Peer", route => route.Peer ?? "this node"),
        new("Owner", route => route.Owner is { } owner ? Text.Name(owner) : null),
        new("Source", route => route.Source),
        new("Preference", route => Text.Number(route.Preference)) { IsNumber = true },
        new("NAT", route => Text.YesNo(route.Masquerade)),
        new("Used", route => Text.YesNo(route.IsSelected)) { Tone = route => route.IsSelected == true ? Tone.Good : Tone.Plain },
        new("Reason", route => route.Reason) { IsFlexible = true },
    ];

    /// <summary>The columns of rules.</summary>
    public static TableColumn<OverlayPolicyRule>[] Rules() =>
    [
        new("Overlay", rule => rule.Overlay),
        new("#", rule => Text.Number(rule.Position)) { IsNumber = true },
        new("Name", rule => rule.Name) { IsFlexible = true },
        new("Action", rule => Text.Name(rule.Action)) { Tone = rule => rule.Action == OverlayAction.Allow ? Tone.Good : Tone.Bad },
        new("From", rule => Text.List(rule.From)) { IsFlexible = true },
        new("To", rule => Text.List(rule.To)) { IsFlexible = true },
        new("Traffic", Traffic),
        new("When", When) { IsFlexible = true },
        new("Matches", rule => Text.Number(rule.Matches)) { IsNumber = true },
        new("Enabled", rule => Text.YesNo(rule.Enabled)) { Tone = rule => rule.Enabled ? Tone.Plain : Tone.Warning },
        new("Description", rule => rule.Description) { IsFlexible = true },
    ];

    /// <summary>The columns of audit records.</summary>
    public static TableColumn<OverlayAuditRecord>[] Audit(CliCall call) =>
    [
        new("Time", record => call.Show(record.Time)),
        new("Overlay", record => record.Overlay),
        new("Event", record => record.Event),
        new("Action", record => Text.Name(record.Action)) { Tone = record => record.Action == OverlayAction.Allow ? Tone.Good : Tone.Bad },
        new("From", record => End(record.SourceNode, record.SourceAddress, record.SourcePort)) { IsFlexible = true },
        new("To", record => End(record.DestinationNode, record.DestinationAddress, record.DestinationPort)) { IsFlexible = true },
        new("Protocol", record => record.Protocol),
        new("Rule", record => record.Rule ?? "(default)"),
        new("Sent", record => Text.Number(record.SentBytes)) { IsNumber = true },
        new("Received", record => Text.Number(record.ReceivedBytes)) { IsNumber = true },
        new("Count", record => Text.Number(record.Count)) { IsNumber = true },
    ];

    /// <summary>The columns of a graph's sessions.</summary>
    public static TableColumn<OverlayEdge>[] Edges() =>
    [
        new("From", edge => edge.From),
        new("To", edge => edge.To),
        new("State", edge => Text.Name(edge.State)) { Tone = edge => ToneOf(edge.State) },
        new("RTT ms", edge => Text.Milliseconds(edge.RoundTripTime)) { IsNumber = true },
    ];

    /// <summary>The columns of the self-test.</summary>
    public static TableColumn<OverlaySelfTestStep>[] SelfTest() =>
    [
        new("Step", step => step.Name),
        new("Worked", step => Text.YesNo(step.Succeeded)) { Tone = step => step.Succeeded ? Tone.Good : Tone.Bad },
        new("Detail", step => step.Detail) { IsFlexible = true },
    ];

    /// <summary>The columns of identities.</summary>
    public static TableColumn<OverlayIdentity>[] Identities(CliCall call) =>
    [
        new("Name", identity => identity.Name),
        new("Public key", identity => identity.PublicKey) { IsFlexible = true },
        new("Created", identity => call.Show(identity.CreatedAt)),
        new("Rotated", identity => call.Show(identity.RotatedAt)),
        new("Used by", identity => Text.List(identity.UsedBy)),
        new("Node id", identity => identity.NodeId) { IsFlexible = true },
    ];

    /// <summary>The columns of networks.</summary>
    public static TableColumn<OverlayNetwork>[] Networks(CliCall call) =>
    [
        new("Name", network => network.Name),
        new("Public key", network => network.PublicKey) { IsFlexible = true },
        new("Created", network => call.Show(network.CreatedAt)),
        new("Certificates", network => Text.Number(network.Certificates)) { IsNumber = true },
        new("Revoked", network => Text.Number(network.Revoked)) { IsNumber = true },
    ];

    /// <summary>The columns of certificates.</summary>
    public static TableColumn<OverlayCertificate>[] Certificates(CliCall call) =>
    [
        new("Network", certificate => certificate.Network) { IsFlexible = true },
        new("Serial", certificate => Text.Number(certificate.Serial)) { IsNumber = true },
        new("Name", certificate => certificate.Name),
        new("Groups", certificate => Text.List(certificate.Groups)) { IsFlexible = true },
        new("Addresses", certificate => Text.List(certificate.Addresses)) { IsFlexible = true },
        new("Subnets", certificate => Text.List(certificate.Subnets)) { IsFlexible = true },
        new("Until", certificate => call.Show(certificate.NotAfter)),
        new("Revoked", certificate => Text.YesNo(certificate.IsRevoked)) { Tone = certificate => certificate.IsRevoked ? Tone.Bad : Tone.Plain },
        new("Node id", certificate => certificate.NodeId) { IsFlexible = true },
    ];

    /// <summary>The columns of requests to join.</summary>
    public static TableColumn<OverlayJoinRequest>[] Requests(CliCall call) =>
    [
        new("Id", request => request.Id),
        new("Overlay", request => request.Overlay),
        new("Name", request => request.Name),
        new("State", request => Text.Name(request.State)) { Tone = request => request.State == JoinState.Pending ? Tone.Warning : Tone.Plain },
        new("From", request => request.RemoteEndpoint),
        new("Asked", request => call.Show(request.Time)),
        new("Node id", request => request.NodeId) { IsFlexible = true },
    ];

    /// <summary>One line about a change of a peer.</summary>
    public static string Line(OverlayPeerChange change, string? time)
    {
        OverlayPeer peer = change.Peer;
        string remote = peer.RemoteEndpoint is { } endpoint ? $" at {endpoint}" : string.Empty;
        string rtt = Text.Milliseconds(peer.RoundTripTime) is { } milliseconds ? $" rtt {milliseconds} ms" : string.Empty;
        string state = peer.State is { } known ? Text.Name(known) : "-";
        return Text.Printable($"{time} peer {peer.Overlay}/{peer.Name} {Text.Name(change.Kind)}: {state}{remote}{rtt} ({peer.StateReason})");
    }

    // Members of a network are connected without standing in the document; what is there and not connected shows.
    private static string? Connected(Overlay overlay) => overlay.ConnectedPeers is { } connected && connected < overlay.Peers.Length
        ? $"{connected}/{overlay.Peers.Length}"
        : Text.Number(overlay.ConnectedPeers);

    private static string Traffic(OverlayPolicyRule rule) =>
        $"{(rule.Protocol is { } protocol ? Text.Name(protocol) : "any")}{(rule.Port.Length > 0 ? $" {Text.List(rule.Port)}" : string.Empty)}";

    private static string? When(OverlayPolicyRule rule)
    {
        if (rule.Days.Length == 0 && rule.StartTime is null && rule.EndTime is null)
        {
            return null;
        }

        string days = rule.Days.Length == 0 ? "daily" : string.Join(',', rule.Days.Select(day => Text.Name(day)[..3]));
        return $"{days} {rule.StartTime ?? TimeOnly.MinValue:HH:mm}-{rule.EndTime ?? TimeOnly.MinValue:HH:mm} {rule.TimeZone ?? "UTC"}";
    }

    // The node that sends, and the address, which is another host's where the node is a gateway.
    private static string? End(string? node, string? address, int? port)
    {
        string? place = address is null ? null : FirewallStateCommands.End(address, port);
        return node is null ? place : $"{node} {place}".TrimEnd();
    }

    private static Tone ToneOf(OverlayState? state) => state switch
    {
        OverlayState.Running => Tone.Good,
        OverlayState.Failed => Tone.Bad,
        OverlayState.Starting => Tone.Warning,
        _ => Tone.Plain,
    };

    private static Tone ToneOf(OverlayPeerState? state) => state switch
    {
        OverlayPeerState.Up => Tone.Good,
        OverlayPeerState.Refused => Tone.Bad,
        OverlayPeerState.Connecting or OverlayPeerState.Authenticating or OverlayPeerState.Backoff => Tone.Warning,
        _ => Tone.Plain,
    };
}
