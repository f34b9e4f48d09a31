using System.Net;

namespace Net.Platform.Linux.Netfilter;

/// <summary>One direction of an entry, in numbers.</summary>
internal struct ConntrackTuple
{
    /// <summary>Source address.</summary>
    public UInt128 Source;

    /// <summary>Destination address.</summary>
    public UInt128 Destination;

    /// <summary>Source port, or the ICMP identifier.</summary>
    public ushort SourcePort;

    /// <summary>Destination port; 0 for ICMP.</summary>
    public ushort DestinationPort;

    /// <summary>ICMP type.</summary>
    public byte IcmpType;

    /// <summary>ICMP code.</summary>
    public byte IcmpCode;

    /// <summary>Takes the numbers of a record.</summary>
    /// <param name="tuple">The record.</param>
    /// <returns>The numbers.</returns>
    public static ConntrackTuple Of(in ConnectionTuple tuple) => new()
    {
        Source = ConntrackEntry.ToNumber(tuple.Source),
        Destination = ConntrackEntry.ToNumber(tuple.Destination),
        SourcePort = tuple.IcmpId ?? tuple.SourcePort,
        DestinationPort = tuple.DestinationPort,
        IcmpType = tuple.IcmpType ?? 0,
        IcmpCode = tuple.IcmpCode ?? 0,
    };

    /// <summary>Makes the record.</summary>
    /// <param name="source">Source address.</param>
    /// <param name="destination">Destination address.</param>
    /// <param name="isIcmp">Whether it carries ICMP numbers in place of ports.</param>
    /// <returns>The record.</returns>
    public readonly ConnectionTuple ToTuple(IPAddress source, IPAddress destination, bool isIcmp) => isIcmp
        ? new ConnectionTuple(source, destination, 0, 0, IcmpType, IcmpCode, SourcePort)
        : new ConnectionTuple(source, destination, SourcePort, DestinationPort);
}
