namespace Net.Platform.Linux.Relay;

/// <summary>One received frame, valid until its ring's <see cref="PacketRing.Release"/>.</summary>
public readonly struct PacketFrame
{
    /// <summary>Where the frame begins in its ring: with the link's header.</summary>
    public int Offset { get; init; }

    /// <summary>Bytes that are there.</summary>
    public int Length { get; init; }

    /// <summary>Bytes the frame had; more than <see cref="Length"/> when it did not fit and could not be kept elsewhere.</summary>
    public int WireLength { get; init; }

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
