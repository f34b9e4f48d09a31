namespace Net.Firewall;

/// <summary>The conditions of a rule in the order they are asked.</summary>
internal enum FlowCondition
{
    /// <summary>All conditions hold.</summary>
    None,

    /// <summary>IP version.</summary>
    Family,

    /// <summary>Transport protocol.</summary>
    Protocol,

    /// <summary>Input interface.</summary>
    InputInterface,

    /// <summary>Output interface.</summary>
    OutputInterface,

    /// <summary>Source address.</summary>
    SourceAddress,

    /// <summary>Destination address.</summary>
    DestinationAddress,

    /// <summary>Source port.</summary>
    SourcePort,

    /// <summary>Destination port.</summary>
    DestinationPort,

    /// <summary>State of the connection.</summary>
    State,

    /// <summary>ICMP type and code.</summary>
    IcmpType,

    /// <summary>TCP flags.</summary>
    TcpFlags,

    /// <summary>Code point.</summary>
    Dscp,

    /// <summary>Packet length.</summary>
    Length,

    /// <summary>Packet mark.</summary>
    Mark,

    /// <summary>Source of the Ethernet frame.</summary>
    SourceMac,

    /// <summary>User of the socket.</summary>
    User,

    /// <summary>Group of the socket.</summary>
    Group,

    /// <summary>Control group of the socket.</summary>
    Cgroup,

    /// <summary>Reverse path.</summary>
    ReversePath,

    /// <summary>Rate limit.</summary>
    Rate,

    /// <summary>Connection limit.</summary>
    Connections,
}
