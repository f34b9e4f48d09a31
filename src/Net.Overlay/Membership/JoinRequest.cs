namespace Net.Overlay.Membership;

/// <summary>What a node sends to join: which invitation it has, the name it would like, and the proof that it knows the secret.</summary>
/// <param name="InvitationId">The invitation's id.</param>
/// <param name="Name">The name it would like: a label.</param>
/// <param name="Proof">32 bytes of <see cref="JoinProof"/>.</param>
public sealed record JoinRequest(ulong InvitationId, string Name, byte[] Proof);
