using Net.Engine.Overlay.Stores;
using Net.Overlay.Membership;
using Net.Workers.Overlay;

namespace Net.Engine.Overlay.Model;

/// <summary>All that a view of an overlay is made of. Immutable.</summary>
internal sealed record OverlayInputs
{
    /// <summary>The document's overlay.</summary>
    public required OverlaySettings Settings { get; init; }

    /// <summary>This node's key.</summary>
    public required StoredIdentity Identity { get; init; }

    /// <summary>The name of this host.</summary>
    public required string HostName { get; init; }

    /// <summary>The place of the overlay among all of the document, from 0; its resolver's address depends on it.</summary>
    public int Slot { get; init; }

    /// <summary>Certificates that members showed and that were found good, by the key they proved in hexadecimal; after a rotation that is another key
    /// than the certificate's.</summary>
    public IReadOnlyDictionary<string, MembershipCertificate> Members { get; init; } = new Dictionary<string, MembershipCertificate>();

    /// <summary>Peers that were accepted at first use and are not in the document yet.</summary>
    public IReadOnlyList<Net.Contracts.OverlayPeer> FirstUse { get; init; } = [];

    /// <summary>Keys that were accepted at first use since the engine's start, in hexadecimal.</summary>
    public IReadOnlySet<string> FirstUseKeys { get; init; } = new HashSet<string>();

    /// <summary>What peers advertise, by the hexadecimal key.</summary>
    public IReadOnlyDictionary<string, ModelPrefix[]> Advertised { get; init; } = new Dictionary<string, ModelPrefix[]>();

    /// <summary>The newest revocation list of the network, verified; null without one.</summary>
    public RevocationList? Revocations { get; init; }

    /// <summary>Addresses of endpoints with names, resolved: <c>host:port</c> to <c>address:port</c> texts.</summary>
    public IReadOnlyDictionary<string, string[]> Resolved { get; init; } = new Dictionary<string, string[]>();

    /// <summary>The wall clock's time.</summary>
    public DateTimeOffset Now { get; init; }
}
