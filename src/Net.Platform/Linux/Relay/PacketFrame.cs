using System.Runtime.Versioning;

namespace Net.Platform.Linux.Relay;

/// <summary>One received frame, valid until its ring's <see cref="PacketRing.Release"/>.</summary>
[SupportedOSPlatform("linux")]
public readonly struct PacketFrame
{
    /// <summary>Its bytes, which may be changed, with <see cref="PacketRing.HeadroomBytes"/> bytes before it that may be overwritten.</summary>
    public PacketMemory Memory { get; init; }

    /// <summary>Length of its link header: 14 for Ethernet, 0 for devices that have none, such as tunnels.</summary>
    public int LinkBytes { get; init; }

    /// <summary>Bytes the frame had beyond what is here, as it did not fit and could not be kept elsewhere.</summary>
    public int MissingBytes { get; init; }

    /// <summary>Size of each datagram when the sender or the kernel joined several into one (GSO of UDP); 0 for a single datagram.</summary>
    public int SegmentBytes { get; init; }

    /// <summary>VLAN the kernel took off the frame, 1 to 4,094; 0 for none and for a priority tag. The frame belongs to that VLAN's interface, not to this one.</summary>
    public int VlanId { get; init; }

    /// <summary>Whether it waits outside of the ring, as it was too large for it: <see cref="PacketRing.ReadOversize"/> gets it.</summary>
    public bool IsOversize { get; init; }

    /// <summary>Whether the transport's checksum still holds the sum of the pseudo header alone (CHECKSUM_PARTIAL): the frame never left this host.</summary>
    public bool IsChecksumPartial { get; init; }

    /// <summary>Whether the kernel or the interface has found the transport's checksum right.</summary>
    public bool IsChecksumVerified { get; init; }

    /// <summary>Whether it is addressed to another host's link address and came only because the interface is promiscuous.</summary>
    public bool IsForOtherHost { get; init; }
}
