namespace Net.Firewall;

/// <summary>What a verdict took for granted because nothing but the packet itself will show it.</summary>
public enum FlowAssumptionKind
{
    /// <summary>The rate is within the limit.</summary>
    RateWithinLimit,

    /// <summary>The number of connections is within the limit.</summary>
    ConnectionsWithinLimit,

    /// <summary>A list that rules fill holds what was given as its content, and nothing when none was given.</summary>
    DynamicList,

    /// <summary>The user who sends the packet is not known, so a rule for users does not match.</summary>
    UserUnknown,

    /// <summary>The group that sends the packet is not known, so a rule for groups does not match.</summary>
    GroupUnknown,

    /// <summary>The control group of the socket is not known, so a rule for one does not match.</summary>
    CgroupUnknown,

    /// <summary>The source of the Ethernet frame is not known, so a rule for one does not match.</summary>
    SourceMacUnknown,

    /// <summary>Whether a route leads back to the source is not known; it is taken to do so.</summary>
    ReversePathUnknown,
}
