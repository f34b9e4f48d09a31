namespace Net.Workers.Overlay;

/// <summary>A peer of the model.</summary>
public sealed record ModelPeer
{
    /// <summary>Its index.</summary>
    public int Index { get; set; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its Ed25519 public key, 32 bytes.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Whether a session is wanted; a session that is up is ended when it is not.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether this node dials; else it waits to be called.</summary>
    public bool Dials { get; set; } = true;

    /// <summary>Endpoints, <c>address:port</c>, in the order they are tried.</summary>
    public string[] Endpoints { get; set; } = [];

    /// <summary>Its overlay addresses.</summary>
    public string[] Addresses { get; set; } = [];

    /// <summary>Prefixes it may send from besides its addresses.</summary>
    public string[] Prefixes { get; set; } = [];

    /// <summary>Groups it is in.</summary>
    public string[] Groups { get; set; } = [];

    /// <summary>When its membership ends, and the session with it; null never.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>The protocol's frame with a join request, whole, to send to it in place of taking part; null usually.</summary>
    public byte[]? Join { get; set; }
}
