namespace Net.Engine.Overlay.Stores;

/// <summary>A network's signing key and what was signed with it. It holds the private seed.</summary>
internal sealed record StoredNetwork
{
    /// <summary>Its name on this engine.</summary>
    public required string Name { get; set; }

    /// <summary>The private seed, 32 bytes (RFC 8032 section 5.1.5).</summary>
    public required byte[] Seed { get; set; }

    /// <summary>The public key of the seed, 32 bytes.</summary>
    public required byte[] PublicKey { get; set; }

    /// <summary>When the key was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The number the next certificate gets; counts up, so that none is given twice.</summary>
    public ulong NextSerial { get; set; } = 1;

    /// <summary>Certificates in their binary form.</summary>
    public byte[][] Certificates { get; set; } = [];

    /// <summary>Numbers of revoked certificates.</summary>
    public ulong[] RevokedSerials { get; set; } = [];

    /// <summary>The number of the revocation list; 0 before the first.</summary>
    public ulong RevocationSequence { get; set; }

    /// <summary>The signed revocation list; null before the first.</summary>
    public byte[]? Revocations { get; set; }

    /// <summary>Its name alone, so that the seed cannot reach a log.</summary>
    public override string ToString() => $"StoredNetwork {{ {Name} }}";
}
