namespace Net.Platform.Linux;

/// <summary>What came of a join on one socket.</summary>
internal enum GroupJoinResult
{
    /// <summary>It is joined.</summary>
    Joined,

    /// <summary>This socket has no room for it: another may.</summary>
    Full,

    /// <summary>It cannot be joined, on whichever socket.</summary>
    Refused,
}
