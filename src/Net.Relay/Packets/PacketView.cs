namespace Net.Relay;

/// <summary>What the parser found in a frame: offsets into it, and the values tables and rewriting need. The frame itself stays with the caller.</summary>
public readonly struct PacketView
{
    /// <summary>Where the IP header begins: 14 in an untagged Ethernet frame, 0 without Ethernet header.</summary>
    public int NetworkOffset { get; init; }

    /// <summary>Where the UDP or ESP header begins.</summary>
    public int TransportOffset { get; init; }

    /// <summary>Where the payload of UDP begins; for ESP the header itself, as all of it is carried.</summary>
    public int PayloadOffset { get; init; }

    /// <summary>Where the IP packet ends: padding behind it is not part of it.</summary>
    public int EndOffset { get; init; }

    /// <summary>Source address.</summary>
    public RelayAddress Source { get; init; }

    /// <summary>Destination address.</summary>
    public RelayAddress Destination { get; init; }

    /// <summary>Source port; 0 for ESP and fragments.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>Destination port; 0 for ESP and fragments.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>Protocol.</summary>
    public RelayProtocol Protocol { get; init; }

    /// <summary>Whether it is IPv6.</summary>
    public bool IsIPv6 { get; init; }

    /// <summary>TTL or hop limit.</summary>
    public byte Ttl { get; init; }

    /// <summary>DSCP and ECN: type of service or traffic class.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>The outermost VLAN id in the frame itself, or -1. Tags the device took off are not in the frame.</summary>
    public int VlanId { get; init; }

    /// <summary>Length of the IP packet in bytes.</summary>
    public int PacketBytes => EndOffset - NetworkOffset;

    /// <summary>Length of the payload in bytes, by the UDP header.</summary>
    public int PayloadBytes { get; init; }
}
