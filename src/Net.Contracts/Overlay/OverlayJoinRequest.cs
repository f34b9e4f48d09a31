namespace Net.Contracts;

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
