using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The kinds of named things overlays are made of.</summary>
internal static class OverlayKinds
{
    /// <summary>Overlays.</summary>
    public static readonly ItemKind<Overlay> Overlay = new(
        "overlay",
        ErrorCatalogue.OverlayNotFound,
        overlay => [overlay.Name],
        _ => 0,
        (engine, names, token) => engine.CallAsync(EngineApi.OverlayList, new ListOverlays(names), token));

    /// <summary>Node keys of this engine, also by their node id.</summary>
    public static readonly ItemKind<OverlayIdentity> Identity = new(
        "identity",
        ErrorCatalogue.OverlayIdentityNotFound,
        identity => [identity.Name, identity.NodeId],
        _ => 0,
        (engine, names, token) => engine.CallAsync(EngineApi.OverlayListIdentities, new ListOverlayIdentities(names), token));

    /// <summary>Networks whose signing key this engine holds, also by their public key.</summary>
    public static readonly ItemKind<OverlayNetwork> Network = new(
        "network",
        ErrorCatalogue.OverlayNetworkNotFound,
        network => [network.Name, network.PublicKey],
        _ => 0,
        (engine, names, token) => engine.CallAsync(EngineApi.OverlayListNetworks, new ListOverlayNetworks(names), token));

    /// <summary>Peers to look at. Two overlays may each have a peer of one name, so the overlay is part of what tells them apart.</summary>
    /// <param name="overlay">The overlay, or a pattern.</param>
    public static ItemKind<OverlayPeer> Peers(string overlay) => new(
        "peer",
        ErrorCatalogue.OverlayPeerNotFound,
        peer => [$"{peer.Overlay}/{peer.Name}", peer.Name, .. Known(peer.NodeId), .. Known(peer.PublicKey)],
        _ => 0,
        (engine, names, token) => engine.CallAsync(EngineApi.OverlayListPeers, new ListOverlayPeers(Everywhere(overlay), names), token));

    /// <summary>Peers of one overlay about to be changed.</summary>
    public static ItemKind<OverlayPeer> PeersOf(string overlay) => Peers(overlay) with { Names = peer => [peer.Name, .. Known(peer.NodeId)] };

    /// <summary>Rules to look at; see <see cref="Peers"/>.</summary>
    /// <param name="overlay">The overlay, or a pattern.</param>
    public static ItemKind<OverlayPolicyRule> Rules(string overlay) => new(
        "policy rule",
        ErrorCatalogue.OverlayPolicyNotFound,
        rule => [$"{rule.Overlay}/{rule.Name}", rule.Name],
        _ => 0,
        (engine, names, token) => engine.CallAsync(EngineApi.OverlayListPolicy, new ListOverlayPolicy(Everywhere(overlay), names), token));

    /// <summary>Rules of one overlay about to be changed.</summary>
    public static ItemKind<OverlayPolicyRule> RulesOf(string overlay) => Rules(overlay) with { Names = rule => [rule.Name] };

    /// <summary>Certificates, by their number, their member's name or node id.</summary>
    /// <param name="network">The network, or a pattern.</param>
    public static ItemKind<OverlayCertificate> Certificates(string network) => new(
        "certificate",
        ErrorCatalogue.OverlayCertificateNotFound,
        certificate => [$"{certificate.Network}/{certificate.Serial}", certificate.Name, certificate.NodeId],
        certificate => certificate.Serial,
        (engine, names, token) => engine.CallAsync(EngineApi.OverlayListCertificates, new ListOverlayCertificates(Everywhere(network), names), token));

    /// <summary>The engine takes null for all.</summary>
    public static string? Everywhere(string? pattern) => pattern is null or "" or "*" ? null : pattern;

    private static string[] Known(string? name) => name is null ? [] : [name];
}
