namespace Net.Contracts;

/// <summary>Asks for identities.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListOverlayIdentities(string[]? Names = null);

/// <summary>Makes an identity.</summary>
/// <param name="Name">Its name.</param>
public sealed record CreateOverlayIdentity(string Name);

/// <summary>Gives an identity a new key; the overlay address stays. Peers that trust the old key accept the new one by the old key's signature.</summary>
/// <param name="Name">Its name.</param>
public sealed record RotateOverlayIdentity(string Name);

/// <summary>Removes an identity no overlay uses.</summary>
/// <param name="Name">Its name.</param>
public sealed record RemoveOverlayIdentity(string Name);

/// <summary>Asks for the networks whose signing key this engine holds.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListOverlayNetworks(string[]? Names = null);

/// <summary>Makes a network: a signing key on this engine.</summary>
/// <param name="Name">Its name.</param>
public sealed record CreateOverlayNetwork(string Name);

/// <summary>Removes a network's signing key from this engine. Members stay members until their certificates expire.</summary>
/// <param name="Name">Its name.</param>
public sealed record RemoveOverlayNetwork(string Name);

/// <summary>Gives a network's signing key, encrypted under a passphrase, for a backup off line.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Passphrase">At least 12 characters.</param>
public sealed record ExportOverlayNetwork(string Name, string Passphrase)
{
    /// <summary>Without the passphrase, so that it cannot reach a log.</summary>
    public override string ToString() => $"ExportOverlayNetwork {{ Name = {Name} }}";
}

/// <summary>Brings a network's signing key back from its backup.</summary>
/// <param name="Text">What the export gave.</param>
/// <param name="Passphrase">Its passphrase.</param>
/// <param name="Name">A name for it; null for the one it had.</param>
public sealed record ImportOverlayNetwork(string Text, string Passphrase, string? Name = null)
{
    /// <summary>Without the passphrase, so that it cannot reach a log.</summary>
    public override string ToString() => $"ImportOverlayNetwork {{ Name = {Name} }}";
}

/// <summary>Issues a membership certificate.</summary>
/// <param name="Network">The network.</param>
/// <param name="PublicKey">The member's public key.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Groups">Its groups.</param>
/// <param name="Addresses">Its overlay addresses; null derives them from the key, away from those given out.</param>
/// <param name="Subnets">Prefixes it may advertise.</param>
/// <param name="ValidFor">How long it holds; null for 90 days.</param>
public sealed record IssueOverlayCertificate(
    string Network, string PublicKey, string Name, string[]? Groups = null, string[]? Addresses = null, AddressRange[]? Subnets = null, TimeSpan? ValidFor = null);

/// <summary>Asks for issued certificates.</summary>
/// <param name="Network">The network, with <c>*</c> and <c>?</c>; null means all.</param>
/// <param name="Names">Names of members or node ids, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListOverlayCertificates(string? Network = null, string[]? Names = null);

/// <summary>Revokes certificates; members learn of it with the next contact.</summary>
/// <param name="Network">The network.</param>
/// <param name="Serials">Numbers of the certificates.</param>
public sealed record RevokeOverlayCertificates(string Network, long[] Serials);

/// <summary>Makes an invitation.</summary>
/// <param name="Overlay">The overlay, whose network's key this engine holds.</param>
/// <param name="Endpoints">Where this node can be reached; null for the addresses of this host.</param>
/// <param name="ValidFor">How long it holds; null for one day.</param>
/// <param name="NeedsApproval">Whether somebody must approve whoever comes with it.</param>
/// <param name="Groups">Groups the member gets.</param>
public sealed record CreateOverlayInvitation(string Overlay, string[]? Endpoints = null, TimeSpan? ValidFor = null, bool NeedsApproval = false, string[]? Groups = null);

/// <summary>Joins a network by an invitation: makes the overlay and asks for a certificate.</summary>
/// <param name="Invitation">The invitation.</param>
/// <param name="Overlay">A name for the overlay; null for the one it has where the invitation comes from.</param>
/// <param name="NodeName">The name this node asks for; null for the host's name.</param>
/// <param name="Timeout">How long to wait for the certificate; null for 30 s. A join that needs approval goes on by itself after it.</param>
public sealed record JoinOverlay(string Invitation, string? Overlay = null, string? NodeName = null, TimeSpan? Timeout = null)
{
    /// <summary>Without the invitation, whose secret must not reach a log.</summary>
    public override string ToString() => $"JoinOverlay {{ Overlay = {Overlay}, NodeName = {NodeName} }}";
}

/// <summary>Asks for nodes that asked to join.</summary>
/// <param name="Overlay">The overlay, with <c>*</c> and <c>?</c>; null means all.</param>
public sealed record ListOverlayJoinRequests(string? Overlay = null);

/// <summary>Decides about a node that asked to join.</summary>
/// <param name="Id">The request.</param>
/// <param name="Approve">Whether it gets a certificate.</param>
public sealed record DecideOverlayJoinRequest(string Id, bool Approve);

/// <summary>Sends a message to applications of a peer.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Topic">What it is about, at most 64 characters.</param>
/// <param name="Data">The data in base64, at most 1 MiB.</param>
public sealed record SendOverlayMessage(string Overlay, string Peer, string Topic, string Data);

/// <summary>Receives messages as they come.</summary>
/// <param name="Overlay">The overlay, with <c>*</c> and <c>?</c>; null means all.</param>
/// <param name="Topic">The topic, with <c>*</c> and <c>?</c>; null means all.</param>
/// <param name="Peer">The peer, with <c>*</c> and <c>?</c>; null means all.</param>
public sealed record ReceiveOverlayMessages(string? Overlay = null, string? Topic = null, string? Peer = null);

/// <summary>Opens an application stream to a peer.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Protocol">What speaks over it, at most 64 characters; the peer accepts by it.</param>
public sealed record OpenOverlayStream(string Overlay, string Peer, string Protocol);

/// <summary>Waits for a stream a peer opens.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Protocol">What speaks over it.</param>
public sealed record AcceptOverlayStream(string Overlay, string Protocol);

/// <summary>A stream between applications of two nodes.</summary>
/// <param name="Id">What it is called by.</param>
/// <param name="Overlay">The overlay.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Protocol">What speaks over it.</param>
public sealed record OverlayStream(string Id, string Overlay, string Peer, string Protocol);

/// <summary>Sends over a stream; answers when the data is on its way, so that a sender that is too fast waits.</summary>
/// <param name="Id">The stream.</param>
/// <param name="Data">The data in base64, at most 1 MiB.</param>
/// <param name="IsFinal">Whether it is the last.</param>
public sealed record WriteOverlayStream(string Id, string Data, bool IsFinal = false);

/// <summary>Receives from a stream as data comes, until the peer's last.</summary>
/// <param name="Id">The stream.</param>
public sealed record ReadOverlayStream(string Id);

/// <summary>Data of a stream.</summary>
/// <param name="Data">The data in base64.</param>
/// <param name="IsFinal">Whether it is the last.</param>
public sealed record OverlayStreamData(string Data, bool IsFinal);

/// <summary>Ends a stream.</summary>
/// <param name="Id">The stream.</param>
public sealed record CloseOverlayStream(string Id);
