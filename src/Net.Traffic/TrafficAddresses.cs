using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Net.Traffic;

/// <summary>Which address and port a stream goes to.</summary>
internal static class TrafficAddresses
{
    /// <summary>Whether an address is of a group (RFC 5771, RFC 4291 2.7).</summary>
    public static bool IsGroup(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? address.IsIPv6Multicast : address.GetAddressBytes()[0] is >= 224 and <= 239;

    /// <summary>The address so many behind another.</summary>
    public static IPAddress Add(IPAddress first, int count)
    {
        byte[] bytes = first.GetAddressBytes();
        Span<byte> last = bytes.AsSpan(bytes.Length - sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(last, unchecked(BinaryPrimitives.ReadUInt32BigEndian(last) + (uint)count));
        return first.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(bytes, first.ScopeId) : new IPAddress(bytes);
    }

    /// <summary>All destinations, first by address, then by port.</summary>
    public static IPEndPoint[] Destinations(TrafficPlan plan) =>
    [
        .. Enumerable.Range(0, plan.Ports).SelectMany(port => Enumerable.Range(0, plan.Groups).Select(group => new IPEndPoint(Add(plan.Destination, group), plan.Port + port))),
    ];
}
