namespace Net.Overlay.Membership;

/// <summary>What a certificate is worth at a time.</summary>
public enum MembershipVerdict
{
    /// <summary>It proves membership.</summary>
    Valid,

    /// <summary>It cannot be read.</summary>
    Malformed,

    /// <summary>It is of another network.</summary>
    WrongNetwork,

    /// <summary>It is of another node than the one that showed it.</summary>
    WrongNode,

    /// <summary>The network key did not sign it.</summary>
    BadSignature,

    /// <summary>It is not valid yet.</summary>
    NotYetValid,

    /// <summary>It is not valid any more.</summary>
    Expired,

    /// <summary>Its serial or its node was revoked.</summary>
    Revoked,
}
