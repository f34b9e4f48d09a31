namespace Net.Engine.Overlay.Stores;

/// <summary>A node key as it is kept in the state folder. It holds the private seed.</summary>
internal sealed record StoredIdentity
{
    /// <summary>Its name.</summary>
    public required string Name { get; set; }

    /// <summary>The private seed, 32 bytes (RFC 8032 section 5.1.5).</summary>
    public required byte[] Seed { get; set; }

    /// <summary>The public key of the seed, 32 bytes.</summary>
    public required byte[] PublicKey { get; set; }

    /// <summary>When the first key was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the key was changed last; null without a rotation.</summary>
    public DateTimeOffset? RotatedAt { get; set; }

    /// <summary>The public key overlay addresses are derived from: the first one; null without a rotation.</summary>
    public byte[]? AddressKey { get; set; }

    /// <summary>The old keys' word for the present one, see <see cref="KeySuccession"/>; null without a rotation.</summary>
    public byte[]? Succession { get; set; }

    /// <summary>Its name alone, so that the seed cannot reach a log.</summary>
    public override string ToString() => $"StoredIdentity {{ {Name} }}";
}
