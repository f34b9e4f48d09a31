using System.Net;

namespace Net.Platform.Linux.Relay;

/// <summary>How a <see cref="UdpSender"/> is opened.</summary>
public sealed record UdpSenderOptions
{
    /// <summary>The interface groups are sent by, and the scope of link-local addresses.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>Name of the interface the socket is bound to, so that unicast leaves by it too; null leaves that to the routes. Takes CAP_NET_RAW before Linux 5.7.</summary>
    public string? Device { get; init; }

    /// <summary>Source address and port of what is sent; an unspecified address lets the kernel choose, port 0 too.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>TTL or hop limit of what is sent, for groups and single hosts alike.</summary>
    public byte Ttl { get; init; } = 1;

    /// <summary>DSCP, 0 to 63.</summary>
    public byte Dscp { get; init; }

    /// <summary>Whether a datagram larger than the MTU is fragmented; otherwise it is refused.</summary>
    public bool Fragment { get; init; }

    /// <summary>Where to, when all goes to one place: saves the kernel a look at its routes for each message. Null for a sender of many destinations.</summary>
    public IPEndPoint? Destination { get; init; }

    /// <summary>Bytes that may wait for the interface.</summary>
    public int SendBufferBytes { get; init; } = 4 * 1024 * 1024;
}
