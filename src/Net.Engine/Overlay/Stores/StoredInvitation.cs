namespace Net.Engine.Overlay.Stores;

/// <summary>An invitation as its issuer keeps it. It holds the secret, because a joiner proves that it knows the secret by an HMAC under it and never sends it.
/// The secret is erased once a request made with it was decided, or it has expired.</summary>
internal sealed record StoredInvitation
{
    /// <summary>What it is listed by: the id that follows from the secret, 16 hexadecimal digits.</summary>
    public required string Id { get; set; }

    /// <summary>The overlay it leads into.</summary>
    public required string Overlay { get; set; }

    /// <summary>The invitation in its binary form, secret included; empty once it cannot be used any more.</summary>
    public byte[] Content { get; set; } = [];

    /// <summary>Until when it can be used.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Whether somebody has to approve whoever comes with it.</summary>
    public bool NeedsApproval { get; set; }

    /// <summary>Groups the member gets.</summary>
    public string[] Groups { get; set; } = [];

    /// <summary>The public key of the node that used it; null while unused.</summary>
    public byte[]? UsedBy { get; set; }

    /// <summary>Its id alone, so that the secret cannot reach a log.</summary>
    public override string ToString() => $"StoredInvitation {{ {Id} }}";
}
