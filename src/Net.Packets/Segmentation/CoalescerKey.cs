using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Net.Packets;

/// <summary>Addresses, ports, protocol and version of a packet, to compare in a few instructions.</summary>
internal readonly struct CoalescerKey
{
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;
    private readonly ulong _ports;

    /// <summary>Reads it.</summary>
    /// <param name="packet">The packet, long enough for both headers.</param>
    /// <param name="networkBytes">Size of its IP header: 20 for IPv4, 40 for IPv6.</param>
    /// <param name="protocol">Its protocol.</param>
    public CoalescerKey(ReadOnlySpan<byte> packet, int networkBytes, byte protocol)
    {
        _ports = MemoryMarshal.Read<uint>(packet[networkBytes..]) | ((ulong)protocol << 32) | ((ulong)networkBytes << 40);
        if (networkBytes == 20)
        {
            _first = MemoryMarshal.Read<ulong>(packet[12..]);
        }
        else
        {
            ReadOnlySpan<byte> addresses = packet.Slice(8, 32);
            _first = MemoryMarshal.Read<ulong>(addresses);
            _second = MemoryMarshal.Read<ulong>(addresses[8..]);
            _third = MemoryMarshal.Read<ulong>(addresses[16..]);
            _fourth = MemoryMarshal.Read<ulong>(addresses[24..]);
        }
    }

    /// <summary>Compares.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True when both packets are of one flow.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(in CoalescerKey other) =>
        _ports == other._ports && _first == other._first && _fourth == other._fourth && _second == other._second && _third == other._third;
}
