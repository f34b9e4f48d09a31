namespace Net.Platform;

/// <summary>What connection tracking knows about a connection (IPS_ bits of linux/netfilter/nf_conntrack_common.h).</summary>
[Flags]
public enum ConnectionStatus
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A helper expected it: the data connection of another one.</summary>
    Expected = 1 << 0,

    /// <summary>Packets were seen both ways.</summary>
    SeenReply = 1 << 1,

    /// <summary>It is not thrown out early when the table is full.</summary>
    Assured = 1 << 2,

    /// <summary>Its first packet has left this host or was delivered.</summary>
    Confirmed = 1 << 3,

    /// <summary>Its source address or port is translated.</summary>
    SourceNat = 1 << 4,

    /// <summary>Its destination address or port is translated.</summary>
    DestinationNat = 1 << 5,

    /// <summary>TCP sequence numbers are adjusted.</summary>
    SequenceAdjusted = 1 << 6,

    /// <summary>It was decided whether the source is translated.</summary>
    SourceNatDone = 1 << 7,

    /// <summary>It was decided whether the destination is translated.</summary>
    DestinationNatDone = 1 << 8,

    /// <summary>It is being removed.</summary>
    Dying = 1 << 9,

    /// <summary>Its timeout does not change with traffic.</summary>
    FixedTimeout = 1 << 10,

    /// <summary>A helper was given to it by rule.</summary>
    Helper = 1 << 13,

    /// <summary>A flow table forwards it in software.</summary>
    Offloaded = 1 << 14,

    /// <summary>A flow table forwards it in hardware.</summary>
    HardwareOffloaded = 1 << 15,
}
