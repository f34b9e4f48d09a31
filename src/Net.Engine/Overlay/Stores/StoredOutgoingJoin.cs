namespace Net.Engine.Overlay.Stores;

/// <summary>A join this node asked for and has no answer to yet. The frame holds a proof of the invitation's secret, bound to this node's key, and not the secret.</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="IssuerKey">The key of the node that issues the certificate.</param>
/// <param name="Frame">The protocol's frame with the request.</param>
internal sealed record StoredOutgoingJoin(string Overlay, byte[] IssuerKey, byte[] Frame);
