using System.Net;

namespace Net.Firewall;

/// <summary>
/// A packet as rules see it. Connection tracking puts fragments together before rules are asked, so a packet is always whole. What is null is not known: rules that ask
/// for it do not match, and the verdict says so. The default value is an IPv4 packet of protocol 0 to this host.
/// </summary>
public readonly record struct FlowPacket
{
    /// <summary>To this host, from it or through it.</summary>
    public RuleDirection Direction { get; init; }

    /// <summary>Whether it is IPv6 rather than IPv4.</summary>
    public bool IsIPv6 { get; init; }

    /// <summary>The source address; an IPv4 address uses the low 32 bits.</summary>
    public UInt128 Source { get; init; }

    /// <summary>The destination address; an IPv4 address uses the low 32 bits.</summary>
    public UInt128 Destination { get; init; }

    /// <summary>The IP protocol number, in IPv6 that behind all extension headers.</summary>
    public byte Protocol { get; init; }

    /// <summary>The source port; 0 without ports.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The destination port; 0 without ports.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>The interface it came in by; null for packets of this host itself.</summary>
    public string? InputInterface { get; init; }

    /// <summary>The interface it leaves by; null for packets to this host.</summary>
    public string? OutputInterface { get; init; }

    /// <summary>The one state of its connection; None stands for New.</summary>
    public ConnectionStates State { get; init; }

    /// <summary>The type of the ICMP message.</summary>
    public byte IcmpType { get; init; }

    /// <summary>The code of the ICMP message.</summary>
    public byte IcmpCode { get; init; }

    /// <summary>The flags of the TCP header, as in <see cref="TcpFlagMatch"/>.</summary>
    public byte TcpFlags { get; init; }

    /// <summary>The differentiated services code point, 0 to 63.</summary>
    public byte Dscp { get; init; }

    /// <summary>The length of the IP packet in bytes, headers included; after segmentation offload the kernel sees the large packet.</summary>
    public int Length { get; init; }

    /// <summary>The source of the Ethernet frame; null where there is none or it is not known.</summary>
    public MacAddress? SourceMac { get; init; }

    /// <summary>The mark it comes with.</summary>
    public uint Mark { get; init; }

    /// <summary>The id of the user who owns the sending socket.</summary>
    public uint? User { get; init; }

    /// <summary>The id of the group that owns the sending socket.</summary>
    public uint? Group { get; init; }

    /// <summary>The control group (v2) of the socket, as a path below the root without a slash at either end; "" is the root itself.</summary>
    public string? Cgroup { get; init; }

    /// <summary>Whether no route to its source goes out by the interface it came in by.</summary>
    public bool? IsReversePathMissing { get; init; }

    /// <summary>Whether its destination is an address of this host; NAT rules for this host's addresses ask for it before routing.</summary>
    public bool? IsToThisHost { get; init; }

    /// <summary>Whether NAT changed the destination of its connection.</summary>
    public bool IsDestinationTranslated { get; init; }

    /// <summary>IPv4 or IPv6.</summary>
    public RuleAddressFamily Family => IsIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4;

    /// <summary>The source address.</summary>
    public IPAddress SourceAddress => AddressRange.FromNumbers(Family, Source, Source).FirstAddress;

    /// <summary>The destination address.</summary>
    public IPAddress DestinationAddress => AddressRange.FromNumbers(Family, Destination, Destination).FirstAddress;

    /// <summary>The packet between two addresses of one family.</summary>
    /// <param name="source">The source.</param>
    /// <param name="destination">The destination.</param>
    /// <returns>The packet, the rest of it unchanged.</returns>
    /// <exception cref="ArgumentException">The addresses are of different families.</exception>
    public FlowPacket Between(IPAddress source, IPAddress destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        if (source.AddressFamily != destination.AddressFamily)
        {
            throw new ArgumentException($"{source} and {destination} are of different address families.", nameof(destination));
        }

        // A zone names the interface, which a packet has for itself.
        var from = new AddressRange(WithoutZone(source));
        return this with { IsIPv6 = from.Family == RuleAddressFamily.IPv6, Source = from.First, Destination = new AddressRange(WithoutZone(destination)).First };
    }

    private static IPAddress WithoutZone(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
}
