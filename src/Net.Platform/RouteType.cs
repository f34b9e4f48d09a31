namespace Net.Platform;

/// <summary>What a route does with a packet.</summary>
public enum RouteType
{
    /// <summary>Unspecified.</summary>
    Unspecified = 0,

    /// <summary>Forwarded to a gateway or an attached host.</summary>
    Unicast = 1,

    /// <summary>Delivered to this host.</summary>
    Local = 2,

    /// <summary>Delivered as broadcast.</summary>
    Broadcast = 3,

    /// <summary>Delivered locally, any of several hosts.</summary>
    Anycast = 4,

    /// <summary>A multicast group.</summary>
    Multicast = 5,

    /// <summary>Dropped silently.</summary>
    Blackhole = 6,

    /// <summary>Refused with "destination unreachable".</summary>
    Unreachable = 7,

    /// <summary>Refused with "administratively prohibited".</summary>
    Prohibit = 8,

    /// <summary>Not in this table: go on with the next rule.</summary>
    Throw = 9,
}
