using System.Net;
using System.Net.Sockets;

namespace Net.Relay;

/// <summary>One output of a rule, with every name resolved. Equality is by content.</summary>
public sealed record RelayTarget
{
    /// <summary>The kernel's index of the interface packets leave by.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>The interface's MTU: the largest IP packet that leaves whole.</summary>
    public required int MtuBytes { get; init; }

    /// <summary>The interface's link-layer address, 6 bytes; empty for a device without Ethernet headers, like a tunnel.</summary>
    public required byte[] SourceMac { get; init; }

    /// <summary>The link-layer address to send to, 6 bytes. Null: made from a multicast destination (RFC 1112 section 6.4, RFC 2464 section 7). A unicast destination
    /// needs it in the packet and kernel engines; the socket engine leaves it to the kernel.</summary>
    public byte[]? DestinationMac { get; init; }

    /// <summary>The destination packets leave with; null keeps theirs.</summary>
    public IPAddress? Destination { get; init; }

    /// <summary>The destination port packets leave with; 0 keeps theirs.</summary>
    public ushort Port { get; init; }

    /// <summary>The TTL or hop limit packets leave with; null takes one from theirs.</summary>
    public byte? Ttl { get; init; }

    /// <summary>Which source address they leave with.</summary>
    public SourceMode SourceMode { get; init; }

    /// <summary>That address, resolved, unless <see cref="SourceMode"/> is <see cref="SourceMode.Keep"/>.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The source port they leave with; 0 keeps theirs.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The DSCP they leave with, 0..63 (RFC 2474); null keeps theirs. The ECN bits beside it always stay.</summary>
    public byte? Dscp { get; init; }

    /// <summary>At most so many packets a second; 0 for no limit.</summary>
    public long PacketsPerSecond { get; init; }

    /// <summary>At most so many bits a second, counted over IP packets; 0 for no limit.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>What becomes of packets beyond <see cref="MtuBytes"/>.</summary>
    public OversizeAction Oversize { get; init; }

    /// <summary>Whether it sends nothing now, as nobody there wants the group.</summary>
    public bool IsPaused { get; init; }

    /// <inheritdoc/>
    public bool Equals(RelayTarget? other) => other is not null
        && InterfaceIndex == other.InterfaceIndex
        && MtuBytes == other.MtuBytes
        && SourceMac.AsSpan().SequenceEqual(other.SourceMac)
        && DestinationMac is null == other.DestinationMac is null
        && DestinationMac.AsSpan().SequenceEqual(other.DestinationMac)
        && Equals(Destination, other.Destination)
        && Port == other.Port
        && Ttl == other.Ttl
        && SourceMode == other.SourceMode
        && Equals(Source, other.Source)
        && SourcePort == other.SourcePort
        && Dscp == other.Dscp
        && PacketsPerSecond == other.PacketsPerSecond
        && BitsPerSecond == other.BitsPerSecond
        && Oversize == other.Oversize
        && IsPaused == other.IsPaused;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(InterfaceIndex, Destination, Port, Ttl, Source, PacketsPerSecond, IsPaused);

    /// <summary>The address packets of this output go to.</summary>
    /// <param name="input">What they come with.</param>
    public AddressPrefix DestinationFor(RelayInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Destination is null ? input.Destination : AddressPrefix.Of(Destination);
    }

    /// <summary>Whether packets change their address family on the way, which only the socket engine can do.</summary>
    /// <param name="input">What they come with.</param>
    public bool ChangesFamily(RelayInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Destination is not null && Destination.AddressFamily == AddressFamily.InterNetworkV6 != input.Destination.IsIPv6;
    }
}
