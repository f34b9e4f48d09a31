using System.Net;
using Net.Contracts;
using Net.Overlay.Identity;
using Net.Overlay.Membership;

namespace Net.Engine.Overlay.Model;

/// <summary>A peer as it counts: what the document, its certificate and the derivation of addresses come to together. Immutable.</summary>
internal sealed record EffectivePeer
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its public key; null while it is known by name alone.</summary>
    public byte[]? PublicKey { get; init; }

    /// <summary>The document's peer; null for a member that is known by its certificate alone.</summary>
    public OverlayPeer? Document { get; init; }

    /// <summary>Its certificate; null without one.</summary>
    public MembershipCertificate? Certificate { get; init; }

    /// <summary>Where the trust in it comes from.</summary>
    public OverlayTrust Trust { get; init; }

    /// <summary>Its overlay addresses.</summary>
    public IPAddress[] Addresses { get; init; } = [];

    /// <summary>Prefixes it may own and advertise.</summary>
    public IPNetwork[] Subnets { get; init; } = [];

    /// <summary>Whether it may be an exit for everything.</summary>
    public bool IsExitNode { get; init; }

    /// <summary>Groups it is in.</summary>
    public string[] Groups { get; init; } = [];

    /// <summary>Why no session with it is wanted, in one sentence without a full stop; null when one is.</summary>
    public string? NoSession { get; init; }

    /// <summary>Whether it is a hub.</summary>
    public bool IsHub { get; init; }

    /// <summary>When its membership ends; null without a certificate that it hangs on.</summary>
    public DateTimeOffset? Expires => Document?.PublicKey is null ? Certificate?.NotAfter : null;

    /// <summary>Its node id; null while its key is not known.</summary>
    public NodeId? NodeId => PublicKey is null ? null : Net.Overlay.Identity.NodeId.FromPublicKey(PublicKey);
}
