namespace Net.Overlay.Membership;

/// <summary>What a request to join comes to.</summary>
public enum JoinVerdict
{
    /// <summary>Nothing stands against it: issue a certificate.</summary>
    Granted,

    /// <summary>It is right, but somebody has to approve it.</summary>
    NeedsApproval,

    /// <summary>The node does not know the secret, or the proof was made for another node.</summary>
    BadProof,

    /// <summary>The invitation has expired.</summary>
    Expired,

    /// <summary>Another node has used the invitation.</summary>
    Used,
}
