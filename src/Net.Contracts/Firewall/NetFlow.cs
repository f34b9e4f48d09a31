namespace Net.Contracts;

/// <summary>A packet to ask about: the first of a flow unless its state says otherwise.</summary>
public sealed record NetFlow
{
    /// <summary>To this host, from it, or through it; null to find out by routes and this host's addresses.</summary>
    public RuleDirection? Direction { get; set; }

    /// <summary>The source address; null for the one this host would take.</summary>
    public string? SourceAddress { get; set; }

    /// <summary>The destination address; empty where <see cref="Packet"/> has it.</summary>
    public string DestinationAddress { get; set; } = string.Empty;

    /// <summary>The protocol.</summary>
    public IpProtocol Protocol { get; set; } = IpProtocol.Tcp;

    /// <summary>The source port; null for one that no rule names.</summary>
    public int? SourcePort { get; set; }

    /// <summary>The destination port; null with protocols that have none.</summary>
    public int? DestinationPort { get; set; }

    /// <summary>The interface it comes in by; null to find out by the route to its source.</summary>
    public string? InterfaceAlias { get; set; }

    /// <summary>The interface it leaves by; null to find out by the route to its destination.</summary>
    public string? OutInterfaceAlias { get; set; }

    /// <summary>The state of its connection.</summary>
    public ConnectionState State { get; set; } = ConnectionState.New;

    /// <summary>The ICMP type as in a rule, such as <c>echo-request</c>; null for that.</summary>
    public string? IcmpType { get; set; }

    /// <summary>TCP flags, such as <c>syn</c> or <c>syn,ack</c>; null for <c>syn</c> with New and <c>ack</c> otherwise.</summary>
    public string? TcpFlags { get; set; }

    /// <summary>The code point, 0 to 63.</summary>
    public int Dscp { get; set; }

    /// <summary>The length of the IP packet in bytes; null for that of a packet without payload.</summary>
    public int? Length { get; set; }

    /// <summary>The source of its Ethernet frame, or null.</summary>
    public string? SourceMac { get; set; }

    /// <summary>Its mark.</summary>
    public long Mark { get; set; }

    /// <summary>The user who sends it, by name or id, or null.</summary>
    public string? User { get; set; }

    /// <summary>The group that sends it, by name or id, or null.</summary>
    public string? UserGroup { get; set; }

    /// <summary>The control group of its socket, or null.</summary>
    public string? Cgroup { get; set; }

    /// <summary>A captured packet: what <c>tcpdump -nn</c> prints of it, or its bytes as hexadecimal digits. It says addresses, protocol, ports, ICMP type, TCP flags, code point,
    /// length and the source of its Ethernet frame, none of which may be given beside it; null where those members say what the packet is.</summary>
    public string? Packet { get; set; }
}
