namespace Net.Contracts;

/// <summary>A membership certificate: a network's word that a node is a member.</summary>
public sealed record OverlayCertificate
{
    /// <summary>The network, by the name this engine knows it under, or its key.</summary>
    public required string Network { get; init; }

    /// <summary>Its number in the network.</summary>
    public long Serial { get; set; }

    /// <summary>The member's name.</summary>
    public required string Name { get; init; }

    /// <summary>The member's node id.</summary>
    public required string NodeId { get; init; }

    /// <summary>The member's public key.</summary>
    public required string PublicKey { get; init; }

    /// <summary>Its groups.</summary>
    public string[] Groups { get; set; } = [];

    /// <summary>Its overlay addresses.</summary>
    public string[] Addresses { get; set; } = [];

    /// <summary>Prefixes it may advertise.</summary>
    public string[] Subnets { get; set; } = [];

    /// <summary>From when it holds.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>Until when it holds.</summary>
    public DateTimeOffset NotAfter { get; set; }

    /// <summary>Whether it is revoked.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>The certificate itself (<c>nmc1...</c>); public, no secret.</summary>
    public required string Text { get; init; }
}
