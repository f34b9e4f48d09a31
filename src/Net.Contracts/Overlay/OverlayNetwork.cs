namespace Net.Contracts;

/// <summary>A network this engine holds the signing key of.</summary>
public sealed record OverlayNetwork
{
    /// <summary>Its name on this engine.</summary>
    public required string Name { get; init; }

    /// <summary>The public key that members trust.</summary>
    public required string PublicKey { get; init; }

    /// <summary>When the key was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Certificates issued and not expired.</summary>
    public int Certificates { get; set; }

    /// <summary>Certificates and nodes revoked.</summary>
    public int Revoked { get; set; }

    /// <summary>The number of the revocation list, counting up.</summary>
    public long RevocationSequence { get; set; }
}
