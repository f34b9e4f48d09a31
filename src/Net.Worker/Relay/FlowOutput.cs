using Net.Platform.Linux;
using Net.Relay;

namespace Net.Worker.Relay;

/// <summary>One target of a flow with the sender it leaves by. Immutable but for the senders, which come and go with descriptors.</summary>
internal sealed class FlowOutput
{
    /// <summary>Makes one.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="index">The target's index.</param>
    /// <param name="udpId">The id of its UDP sender; 0 when it leaves by the packet sender of its interface.</param>
    public FlowOutput(RelayFlow flow, int index, int udpId)
    {
        Target = flow.Targets[index];
        UdpId = udpId;
        IsLimited = Target.PacketsPerSecond > 0 || Target.BitsPerSecond > 0;
        RelayInput input = flow.Input;
        System.Net.IPAddress? address = Target.Destination ?? (input.Destination.IsExact ? input.Destination.Address : null);
        int port = Target.Port != 0 ? Target.Port : input.PortFrom == input.PortTo ? input.PortFrom : 0;
        if (address is not null && port != 0)
        {
            Span<byte> bytes = stackalloc byte[16];
            _ = address.TryWriteBytes(bytes, out int length);
            Endpoint = SocketEndpoint.From(bytes[..length], (ushort)port, address.IsIPv6LinkLocal || address.IsIPv6Multicast ? Target.InterfaceIndex : 0);
        }
    }

    /// <summary>The target.</summary>
    public RelayTarget Target { get; }

    /// <summary>The id of its UDP sender, or 0.</summary>
    public int UdpId { get; }

    /// <summary>Whether it has a rate limit.</summary>
    public bool IsLimited { get; }

    /// <summary>Where a UDP sender sends to; empty when that is not the same for all packets.</summary>
    public SocketEndpoint Endpoint { get; }

    /// <summary>The sender of frames; null when there is none now, or it leaves by UDP.</summary>
    public PacketOutput? Packet { get; set; }

    /// <summary>The UDP sender; null when there is none now, or it leaves by frames.</summary>
    public UdpOutput? Udp { get; set; }
}
