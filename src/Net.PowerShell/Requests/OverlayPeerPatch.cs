using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The parts of a peer a user gave. Null leaves a part as it is.</summary>
internal sealed record OverlayPeerPatch
{
    public string? Overlay { get; init; }

    public string? Name { get; init; }

    public string? PublicKey { get; init; }

    public string[]? Endpoints { get; init; }

    public string[]? Addresses { get; init; }

    public AddressRange[]? Subnets { get; init; }

    public bool? IsExitNode { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>A peer of the parts alone.</summary>
    public OverlayPeer ToPeer() => ApplyTo(new OverlayPeer { Name = Name ?? string.Empty });

    /// <summary>The peer with these parts in place of its own. An empty key takes the key away. What is so now is left out.</summary>
    public OverlayPeer ApplyTo(OverlayPeer peer) => new()
    {
        Overlay = Overlay ?? peer.Overlay,
        Name = Name ?? peer.Name,
        PublicKey = PublicKey is null ? peer.PublicKey : PublicKey.Length == 0 ? null : PublicKey,
        Endpoints = Endpoints ?? peer.Endpoints,
        Addresses = Addresses ?? peer.Addresses,
        Subnets = Subnets ?? peer.Subnets,
        IsExitNode = IsExitNode ?? peer.IsExitNode,
        Enabled = Enabled ?? peer.Enabled,
    };
}
