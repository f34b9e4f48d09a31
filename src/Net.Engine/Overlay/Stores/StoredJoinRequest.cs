using Net.Contracts;

namespace Net.Engine.Overlay.Stores;

/// <summary>A node that asked to join, and what became of it.</summary>
internal sealed record StoredJoinRequest
{
    /// <summary>What it is decided by.</summary>
    public required string Id { get; set; }

    /// <summary>The overlay.</summary>
    public required string Overlay { get; set; }

    /// <summary>The invitation it came with.</summary>
    public required string InvitationId { get; set; }

    /// <summary>The name it asks for.</summary>
    public required string Name { get; set; }

    /// <summary>Its public key.</summary>
    public required byte[] PublicKey { get; set; }

    /// <summary>Where it asked from.</summary>
    public string RemoteEndpoint { get; set; } = string.Empty;

    /// <summary>Groups it gets.</summary>
    public string[] Groups { get; set; } = [];

    /// <summary>What became of it.</summary>
    public JoinState State { get; set; }

    /// <summary>When it asked.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>The certificate it got, so that a reply that was lost can be given again; null without one.</summary>
    public byte[]? Certificate { get; set; }
}
