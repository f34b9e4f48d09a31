namespace Net.Relay.Membership;

/// <summary>What a message of IGMP or MLD is.</summary>
public enum MembershipMessageKind : byte
{
    /// <summary>A router asks.</summary>
    Query,

    /// <summary>A host says what it receives, or what changed.</summary>
    Report,

    /// <summary>A host of IGMPv2 or MLDv1 leaves a group.</summary>
    Leave,
}
