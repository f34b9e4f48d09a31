namespace Net.Contracts;

/// <summary>Asks for overlays.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListOverlays(string[]? Names = null);

/// <summary>Adds overlays, all or none.</summary>
/// <param name="Overlays">The overlays.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record CreateOverlays(Overlay[] Overlays, ChangeOptions? Change = null);

/// <summary>Replaces overlays by name, all or none.</summary>
/// <param name="Overlays">The overlays as they shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetOverlays(Overlay[] Overlays, ChangeOptions? Change = null);

/// <summary>Removes overlays by exact name, all or none.</summary>
/// <param name="Names">The names.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemoveOverlays(string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of overlays.</summary>
/// <param name="Overlays">The overlays as they stand now, or stood before they were removed.</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record OverlaysChanged(Overlay[] Overlays, ChangeOutcome Outcome);

/// <summary>Ends the worker of overlays and starts it anew; sessions are made again.</summary>
/// <param name="Names">The names.</param>
public sealed record RestartOverlays(string[] Names);

/// <summary>Asks for peers.</summary>
/// <param name="Overlay">The overlay, with <c>*</c> and <c>?</c>; null means all.</param>
/// <param name="Names">Names or node ids, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListOverlayPeers(string? Overlay = null, string[]? Names = null);

/// <summary>Asks for peers now and each one again whenever its state changes.</summary>
/// <param name="Overlay">The overlay, with <c>*</c> and <c>?</c>; null means all.</param>
public sealed record WatchOverlayPeers(string? Overlay = null);

/// <summary>Adds peers, all or none.</summary>
/// <param name="Peers">The peers, each with its overlay.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record AddOverlayPeers(OverlayPeer[] Peers, ChangeOptions? Change = null);

/// <summary>Replaces peers by name, all or none.</summary>
/// <param name="Peers">The peers as they shall be, each with its overlay.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetOverlayPeers(OverlayPeer[] Peers, ChangeOptions? Change = null);

/// <summary>Removes peers by exact name, all or none.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Names">The names.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemoveOverlayPeers(string Overlay, string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of peers.</summary>
/// <param name="Peers">The peers as they stand now, or stood before they were removed.</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record OverlayPeersChanged(OverlayPeer[] Peers, ChangeOutcome Outcome);

/// <summary>Tests peers by echoes inside their sessions.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
/// <param name="Count">Echoes, 1 to 1000.</param>
/// <param name="Timeout">How long to wait for each; null for one second.</param>
/// <param name="Throughput">How long to send test data to measure throughput, at most 30 s; null does not.</param>
/// <param name="Mtu">Whether to find out the largest packet that goes through.</param>
public sealed record TestOverlayPeers(string Overlay, string[]? Names = null, int Count = 5, TimeSpan? Timeout = null, TimeSpan? Throughput = null, bool Mtu = false);

/// <summary>Asks for routes.</summary>
/// <param name="Overlay">The overlay, with <c>*</c> and <c>?</c>; null means all.</param>
public sealed record ListOverlayRoutes(string? Overlay = null);

/// <summary>Adds routes, all or none.</summary>
/// <param name="Routes">The routes, each with its overlay.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record AddOverlayRoutes(OverlayRoute[] Routes, ChangeOptions? Change = null);

/// <summary>Removes routes of the document.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Prefixes">Their prefixes.</param>
/// <param name="Peer">Only those to this peer; null for any.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemoveOverlayRoutes(string Overlay, AddressRange[] Prefixes, string? Peer = null, ChangeOptions? Change = null);

/// <summary>What became of a change of routes.</summary>
/// <param name="Routes">The routes as they stand now, or stood before they were removed.</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record OverlayRoutesChanged(OverlayRoute[] Routes, ChangeOutcome Outcome);

/// <summary>Asks for the rules of policies.</summary>
/// <param name="Overlay">The overlay, with <c>*</c> and <c>?</c>; null means all.</param>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListOverlayPolicy(string? Overlay = null, string[]? Names = null);

/// <summary>Adds rules, all or none. The overlay's policy tests run first.</summary>
/// <param name="Rules">The rules, each with its overlay.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record CreateOverlayPolicy(OverlayPolicyRule[] Rules, ChangeOptions? Change = null);

/// <summary>Replaces rules by name, all or none.</summary>
/// <param name="Rules">The rules as they shall be, each with its overlay.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetOverlayPolicy(OverlayPolicyRule[] Rules, ChangeOptions? Change = null);

/// <summary>Removes rules by exact name, all or none.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Names">The names.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemoveOverlayPolicy(string Overlay, string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of rules.</summary>
/// <param name="Rules">The rules as they stand now, or stood before they were removed.</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record OverlayPolicyChanged(OverlayPolicyRule[] Rules, ChangeOutcome Outcome);

/// <summary>Asks whether a connection would pass, without sending anything.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="From">Who opens the connection: a peer's name, <c>self</c>, or an address.</param>
/// <param name="To">Who is reached: the same words.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Port">The destination port; null where the protocol has none.</param>
/// <param name="At">The time to ask for; null for now.</param>
public sealed record TestOverlayPolicy(string Overlay, string From, string To, IpProtocol Protocol = IpProtocol.Tcp, int? Port = null, DateTimeOffset? At = null);

/// <summary>Asks for the newest records of the audit log.</summary>
/// <param name="Overlay">The overlay, with <c>*</c> and <c>?</c>; null means all.</param>
/// <param name="Count">How many, 1 to 10,000.</param>
/// <param name="DeniedOnly">Whether to leave out connections that were allowed.</param>
public sealed record ListOverlayAudit(string? Overlay = null, int Count = 100, bool DeniedOnly = false);

/// <summary>Asks for the nodes and sessions of an overlay.</summary>
/// <param name="Overlay">The overlay.</param>
public sealed record GetOverlayGraph(string Overlay);

/// <summary>Tries what an overlay needs of this host, without any peer.</summary>
public sealed record RunOverlaySelfTest;
