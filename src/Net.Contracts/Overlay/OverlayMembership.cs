using System.Text.Json.Serialization;

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

/// <summary>An invitation. Its text holds a one-time secret: whoever has it may join.</summary>
/// <param name="Id">What it is listed by.</param>
/// <param name="Overlay">The overlay it leads into.</param>
/// <param name="Text">The invitation itself (<c>nmi1...</c>); null in lists.</param>
/// <param name="ExpiresAt">Until when it holds.</param>
/// <param name="NeedsApproval">Whether somebody must approve whoever comes with it.</param>
/// <param name="Groups">Groups the member gets.</param>
/// <param name="UsedBy">The node that used it; null while unused.</param>
public sealed record OverlayInvitation(
    string Id, string Overlay, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Text, DateTimeOffset ExpiresAt, bool NeedsApproval, string[] Groups, string? UsedBy = null);

/// <summary>A node that asked to join.</summary>
/// <param name="Id">What it is decided by.</param>
/// <param name="Overlay">The overlay.</param>
/// <param name="Name">The name it asks for.</param>
/// <param name="NodeId">Its node id.</param>
/// <param name="PublicKey">Its public key.</param>
/// <param name="RemoteEndpoint">Where it asked from.</param>
/// <param name="State">What became of it.</param>
/// <param name="Time">When it asked.</param>
public sealed record OverlayJoinRequest(
    string Id, string Overlay, string Name, string NodeId, string PublicKey, string RemoteEndpoint, JoinState State, DateTimeOffset Time);

/// <summary>The nodes of an overlay and the sessions between them, as this node knows them.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Topology">Who connects to whom.</param>
/// <param name="Nodes">Names of the nodes, this one first.</param>
/// <param name="Edges">The sessions.</param>
public sealed record OverlayGraph(string Overlay, OverlayTopology Topology, string[] Nodes, OverlayEdge[] Edges);

/// <summary>A session between two nodes.</summary>
/// <param name="From">One node.</param>
/// <param name="To">The other.</param>
/// <param name="State">What is known of it.</param>
/// <param name="RoundTripTime">Its round trip, or null.</param>
public sealed record OverlayEdge(string From, string To, OverlayPeerState State, TimeSpan? RoundTripTime = null);

/// <summary>A message between applications of two nodes.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="Peer">The other node.</param>
/// <param name="Topic">What it is about, at most 64 characters.</param>
/// <param name="Text">The text; null where the data is no UTF-8.</param>
/// <param name="Data">The data in base64.</param>
/// <param name="Time">When it was received.</param>
public sealed record OverlayMessage(string Overlay, string Peer, string Topic, string? Text = null, string Data = "", DateTimeOffset Time = default);

/// <summary>One step of the self-test.</summary>
/// <param name="Name">What was tried.</param>
/// <param name="Succeeded">Whether it worked.</param>
/// <param name="Detail">What was found or measured.</param>
public sealed record OverlaySelfTestStep(string Name, bool Succeeded, string Detail);
