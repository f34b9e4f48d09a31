using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Firewall.Translation;
using Net.Firewall;
using AddressRange = Net.Contracts.AddressRange;

namespace Net.Engine.Firewall.Runtime.Flows;

/// <summary>A packet somebody asks about, read from its texts.</summary>
/// <param name="Flow">As it was asked.</param>
/// <param name="Source">The source; null to find out.</param>
/// <param name="Destination">The destination.</param>
/// <param name="Packet">What is known of the packet: all but addresses, direction and interfaces.</param>
internal sealed record FlowQuestion(NetFlow Flow, IPAddress? Source, IPAddress Destination, FlowPacket Packet)
{
    private const byte Syn = 2;
    private const byte Ack = 16;

    /// <summary>Reads a question.</summary>
    /// <param name="flow">As it was asked.</param>
    /// <param name="place">Where it stands in the request, such as <c>flows[3]</c>.</param>
    /// <param name="accounts">Users and groups by name; null knows none.</param>
    /// <param name="quietPort">A source port that no rule names.</param>
    /// <exception cref="EngineException">It makes no sense; the message says which part.</exception>
    public static FlowQuestion Read(NetFlow flow, string place, IAccountNames? accounts, ushort quietPort)
    {
        flow = CapturedFlow.Fill(flow, place);
        if (flow.DestinationAddress.Length == 0)
        {
            throw Wrong($"{place}.destinationAddress", "Give the destination address, or a captured packet.");
        }

        IPAddress destination = Address(flow.DestinationAddress, $"{place}.destinationAddress");
        IPAddress? source = flow.SourceAddress is { } text ? Address(text, $"{place}.sourceAddress") : null;
        bool isIPv6 = destination.AddressFamily == AddressFamily.InterNetworkV6;
        if (source is not null && source.AddressFamily != destination.AddressFamily)
        {
            throw Wrong($"{place}.sourceAddress", $"{source} and {destination} are of different versions of IP; no packet has both.");
        }

        byte protocol = flow.Protocol switch
        {
            IpProtocol.Any => throw Wrong($"{place}.protocol", "A packet has one protocol."),
            IpProtocol.Icmp => isIPv6 ? RuleProtocol.IcmpV6.Number!.Value : RuleProtocol.IcmpV4.Number!.Value,
            _ => (byte)flow.Protocol,
        };
        bool hasPorts = RuleProtocol.FromNumber(protocol).HasPorts;
        if (hasPorts ? flow.DestinationPort is null : flow.DestinationPort is not null || flow.SourcePort is not null)
        {
            throw Wrong($"{place}.destinationPort", hasPorts ? "A packet of this protocol has a destination port." : "A packet of this protocol has no ports.");
        }

        IcmpTypeMatch icmp = flow.Protocol == IpProtocol.Icmp ? Icmp(flow.IcmpType ?? "echo-request", isIPv6, $"{place}.icmpType")
            : flow.IcmpType is null ? default : throw Wrong($"{place}.icmpType", "Only ICMP has types.");
        return new FlowQuestion(flow, source, destination, new FlowPacket
        {
            IsIPv6 = isIPv6,
            Protocol = protocol,
            SourcePort = hasPorts ? Port(flow.SourcePort ?? quietPort, $"{place}.sourcePort") : (ushort)0,
            DestinationPort = hasPorts ? Port(flow.DestinationPort!.Value, $"{place}.destinationPort") : (ushort)0,
            State = (ConnectionStates)(1 << (int)flow.State),
            IcmpType = icmp.Type,
            IcmpCode = icmp.Code ?? 0,
            TcpFlags = flow.Protocol == IpProtocol.Tcp ? Flags(flow, $"{place}.tcpFlags") : (byte)0,
            Dscp = flow.Dscp is >= 0 and <= 63 ? (byte)flow.Dscp : throw Wrong($"{place}.dscp", "A code point is 0 to 63."),
            Length = flow.Length is { } length ? length is > 0 and <= 65_575 ? length : throw Wrong($"{place}.length", "A packet has 1 to 65,575 bytes.") : HeaderLength(protocol, isIPv6),
            SourceMac = flow.SourceMac is not { } mac ? null : MacAddress.TryParse(mac, out MacAddress known) ? known : throw Wrong($"{place}.sourceMac", $"'{RuleTexts.Shown(mac)}' is not an Ethernet address."),
            Mark = flow.Mark is >= 0 and <= uint.MaxValue ? (uint)flow.Mark : throw Wrong($"{place}.mark", "A mark has 32 bits."),
            User = flow.User is { } user ? Account(user, accounts is null ? null : accounts.FindUser, $"{place}.user") : null,
            Group = flow.UserGroup is { } group ? Account(group, accounts is null ? null : accounts.FindGroup, $"{place}.userGroup") : null,
            Cgroup = flow.Cgroup?.Trim('/'),
        });
    }

    /// <summary>The question with what was found out filled in.</summary>
    /// <param name="packet">The packet as it comes in, or as this host sends it.</param>
    /// <param name="direction">Which rules are asked.</param>
    /// <param name="outputInterface">The interface it leaves by.</param>
    public NetFlow Completed(in FlowPacket packet, Net.Firewall.RuleDirection direction, string? outputInterface) => Flow with
    {
        Direction = (Contracts.RuleDirection)(int)direction,
        SourceAddress = packet.SourceAddress.ToString(),
        SourcePort = RuleProtocol.FromNumber(packet.Protocol).HasPorts ? packet.SourcePort : null,
        InterfaceAlias = packet.InputInterface,
        OutInterfaceAlias = outputInterface,
        IcmpType = Flow.Protocol == IpProtocol.Icmp ? Flow.IcmpType ?? "echo-request" : null,
        TcpFlags = Flow.Protocol == IpProtocol.Tcp ? Flow.TcpFlags ?? ((packet.TcpFlags & Syn) != 0 ? "syn" : "ack") : null,
        Length = packet.Length,
    };

    private static EngineException Wrong(string place, string message) => new(ErrorCatalogue.ArgumentInvalid, message, place);

    private static IPAddress Address(string text, string place) =>
        AddressRange.TryParse(text, null, out AddressRange? range) && range.First.Equals(range.Last) && range.PrefixLength is null
            ? range.First
            : throw Wrong(place, $"'{RuleTexts.Shown(text)}' is not an address.");

    private static ushort Port(int port, string place) => port is >= 0 and <= ushort.MaxValue ? (ushort)port : throw Wrong(place, $"{port} is not a port.");

    private static IcmpTypeMatch Icmp(string text, bool isIPv6, string place)
    {
        List<IcmpTypeMatch> types = [];
        string? problem = RuleTexts.IcmpType(text, isIPv6 ? IpFamily.IPv6 : IpFamily.IPv4, types);
        return problem is null ? types[0] : throw Wrong(place, problem);
    }

    private static byte Flags(NetFlow flow, string place)
    {
        if (flow.TcpFlags is not { } text)
        {
            return flow.State == ConnectionState.New ? Syn : Ack;
        }

        string? problem = RuleTexts.TcpFlags(text, out TcpFlagMatch match);
        return problem is null ? match.Value : throw Wrong(place, problem);
    }

    // A packet without payload: IP header (RFC 791, RFC 8200) and that of the protocol above.
    private static int HeaderLength(byte protocol, bool isIPv6) => (isIPv6 ? 40 : 20) + protocol switch
    {
        6 => 20,
        17 or 1 or 58 => 8,
        132 => 12,
        _ => 0,
    };

    private static uint Account(string text, Func<string, uint?>? find, string place) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) ? id
        : find?.Invoke(text) ?? throw Wrong(place, $"This host knows no '{RuleTexts.Shown(text)}'; give the number.");
}
