using System.Net;

namespace Net.Platform;

/// <summary>What the headers of a packet say about its flow.</summary>
/// <param name="Protocol">IP protocol number; in IPv6 that of the last header that could be read.</param>
/// <param name="Source">Source address.</param>
/// <param name="Destination">Destination address.</param>
/// <param name="SourcePort">Source port; null when the protocol has none or the bytes end before.</param>
/// <param name="DestinationPort">Destination port; null when the protocol has none or the bytes end before.</param>
/// <param name="IcmpType">ICMP or ICMPv6 type; null for other protocols or when the bytes end before.</param>
/// <param name="IcmpCode">ICMP or ICMPv6 code; null for other protocols or when the bytes end before.</param>
/// <param name="TcpFlags">Byte of TCP flags (FIN is 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32); null for other protocols or when the bytes end before.</param>
/// <param name="LengthBytes">Length of the whole packet as its header says.</param>
public sealed record PacketTuple(
    byte Protocol,
    IPAddress Source,
    IPAddress Destination,
    ushort? SourcePort = null,
    ushort? DestinationPort = null,
    byte? IcmpType = null,
    byte? IcmpCode = null,
    byte? TcpFlags = null,
    int LengthBytes = 0);
