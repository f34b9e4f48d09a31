namespace Net.Packets;

/// <summary>Takes packets for the host: a TUN device, or a test's list.</summary>
public interface ITunnelWriter
{
    /// <summary>Hands a packet over.</summary>
    /// <param name="packetWithVnetHeader">A virtio_net_hdr of 10 bytes (linux/virtio_net.h, in the byte order of the machine) and the packet; valid during the call.</param>
    /// <returns>False when it was dropped.</returns>
    bool Write(ReadOnlySpan<byte> packetWithVnetHeader);
}
