namespace Net.Relay.Membership;

/// <summary>What a group record of IGMPv3 or MLDv2 says; numbers of RFC 9776 section 4.2.13 and RFC 3810 section 5.2.12.</summary>
public enum GroupRecordKind : byte
{
    /// <summary>Answer: only the sources named are wanted.</summary>
    ModeIsInclude = 1,

    /// <summary>Answer: all sources but those named are wanted.</summary>
    ModeIsExclude = 2,

    /// <summary>Change: from now on only the sources named. None named means that the host has left.</summary>
    ChangeToInclude = 3,

    /// <summary>Change: from now on all sources but those named.</summary>
    ChangeToExclude = 4,

    /// <summary>Change: the sources named as well.</summary>
    AllowNewSources = 5,

    /// <summary>Change: the sources named no longer.</summary>
    BlockOldSources = 6,
}
