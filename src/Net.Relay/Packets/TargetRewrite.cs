using System.Buffers.Binary;
using System.Net.Sockets;

namespace Net.Relay;

/// <summary>A target made ready for rewriting: everything that is the same for each packet, once. Immutable.</summary>
public sealed class TargetRewrite
{
    private const int MacBytes = 6;

    private readonly byte[] _link;

    /// <summary>Prepares a target.</summary>
    /// <param name="target">The target.</param>
    /// <exception cref="ArgumentException">A link-layer address is not 6 bytes long, or a source address is missing.</exception>
    public TargetRewrite(RelayTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.SourceMac.Length is not (0 or MacBytes) || target.DestinationMac is { Length: not MacBytes })
        {
            throw new ArgumentException("A link-layer address has 6 bytes.", nameof(target));
        }

        if (target.SourceMode != SourceMode.Keep && target.Source is null)
        {
            throw new ArgumentException("The source address is not resolved.", nameof(target));
        }

        Target = target;
        HasEthernet = target.SourceMac.Length > 0;
        _link = new byte[MacBytes * 2];
        target.DestinationMac?.CopyTo(_link, 0);
        target.SourceMac.CopyTo(_link, MacBytes);
        IsLinkKnown = target.DestinationMac is not null;
        HasDestination = target.Destination is not null;
        Destination = target.Destination is null ? default : RelayAddress.From(target.Destination);
        HasSource = target.SourceMode != SourceMode.Keep;
        Source = HasSource ? RelayAddress.From(target.Source!) : default;
        IsIPv6Only = target.Destination?.AddressFamily == AddressFamily.InterNetworkV6 || (HasSource && !Source.IsIPv4);
        IsIPv4Only = target.Destination?.AddressFamily == AddressFamily.InterNetwork || (HasSource && Source.IsIPv4);
        if (!IsLinkKnown && HasDestination && Destination.IsMulticast)
        {
            WriteGroupMac(Destination, _link);
            IsLinkKnown = true;
        }
    }

    /// <summary>The target.</summary>
    public RelayTarget Target { get; }

    /// <summary>Whether frames get an Ethernet header.</summary>
    internal bool HasEthernet { get; }

    /// <summary>Whether <see cref="Link"/> has the destination for every packet.</summary>
    internal bool IsLinkKnown { get; }

    /// <summary>Destination and source of the Ethernet header.</summary>
    internal ReadOnlySpan<byte> Link => _link;

    /// <summary>Whether the destination is rewritten.</summary>
    internal bool HasDestination { get; }

    /// <summary>The new destination.</summary>
    internal RelayAddress Destination { get; }

    /// <summary>Whether the source is rewritten.</summary>
    internal bool HasSource { get; }

    /// <summary>The new source.</summary>
    internal RelayAddress Source { get; }

    /// <summary>Whether it has an address that only IPv6 packets can carry.</summary>
    internal bool IsIPv6Only { get; }

    /// <summary>Whether it has an address that only IPv4 packets can carry.</summary>
    internal bool IsIPv4Only { get; }

    /// <summary>Writes the Ethernet address of a group: 01-00-5E and the lower 23 bits for IPv4 (RFC 1112 section 6.4), 33-33 and the lower 32 for IPv6 (RFC 2464 section 7).</summary>
    /// <param name="group">The group.</param>
    /// <param name="destination">Receives 6 bytes.</param>
    public static void WriteGroupMac(RelayAddress group, Span<byte> destination)
    {
        if (group.IsIPv4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination, 0x0100);
            BinaryPrimitives.WriteUInt32BigEndian(destination[2..], 0x5E00_0000 | (group.LastWord & 0x007F_FFFF));
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination, 0x3333);
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], group.LastWord);
    }
}
