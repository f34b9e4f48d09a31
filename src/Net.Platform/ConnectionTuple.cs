using System.Globalization;
using System.Net;

namespace Net.Platform;

/// <summary>One direction of a tracked connection.</summary>
/// <param name="Source">Source address.</param>
/// <param name="Destination">Destination address.</param>
/// <param name="SourcePort">Source port; 0 when the protocol has none.</param>
/// <param name="DestinationPort">Destination port; 0 when the protocol has none. In GRE both hold the key.</param>
/// <param name="IcmpType">ICMP or ICMPv6 type; null for other protocols.</param>
/// <param name="IcmpCode">ICMP or ICMPv6 code; null for other protocols.</param>
/// <param name="IcmpId">ICMP or ICMPv6 echo identifier; null for other protocols.</param>
public readonly record struct ConnectionTuple(
    IPAddress Source,
    IPAddress Destination,
    ushort SourcePort = 0,
    ushort DestinationPort = 0,
    byte? IcmpType = null,
    byte? IcmpCode = null,
    ushort? IcmpId = null)
{
    /// <summary>Both ends, such as "192.0.2.1:1234 -> 198.51.100.1:443".</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IcmpType is { } type
        ? string.Create(CultureInfo.InvariantCulture, $"{Source} -> {Destination} type {type} code {IcmpCode} id {IcmpId}")
        : $"{Endpoint(Source, SourcePort)} -> {Endpoint(Destination, DestinationPort)}";

    private static string Endpoint(IPAddress? address, ushort port) => address is null || port == 0 ? $"{address}" : new IPEndPoint(address, port).ToString();
}
