namespace Net.Contracts;

/// <summary>A node key of this engine. The private half never leaves the state folder.</summary>
public sealed record OverlayIdentity
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The node id.</summary>
    public required string NodeId { get; init; }

    /// <summary>The public key, the text others add this node by.</summary>
    public required string PublicKey { get; init; }

    /// <summary>When the key was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The node id before the last rotation, which the overlay address stays derived from; null without rotation.</summary>
    public string? AddressNodeId { get; set; }

    /// <summary>When the key was rotated last.</summary>
    public DateTimeOffset? RotatedAt { get; set; }

    /// <summary>Overlays that use it.</summary>
    public string[] UsedBy { get; set; } = [];
}
