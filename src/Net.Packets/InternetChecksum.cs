using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Net.Packets;

/// <summary>The Internet checksum, RFC 1071: the ones' complement of the ones' complement sum of 16-bit words.</summary>
public static class InternetChecksum
{
    /// <summary>Computes the checksum of some bytes, in which the checksum field itself must be zero.</summary>
    /// <param name="data">The bytes; an odd last one counts as if a zero followed.</param>
    /// <returns>The checksum as a number, to be written in network byte order.</returns>
    public static ushort Compute(ReadOnlySpan<byte> data) => Finish(Add(0, data));

    /// <summary>Computes the checksum of an IPv6 upper-layer packet, pseudo header included (RFC 8200, 8.1).</summary>
    /// <param name="source">Source address, 16 bytes.</param>
    /// <param name="destination">Destination address, 16 bytes.</param>
    /// <param name="nextHeader">Protocol number.</param>
    /// <param name="data">The upper-layer packet with its checksum field zero.</param>
    /// <returns>The checksum as a number, to be written in network byte order.</returns>
    public static ushort ComputeIpv6(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte nextHeader, ReadOnlySpan<byte> data)
    {
        Span<byte> tail = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(tail, (uint)data.Length);
        tail[7] = nextHeader;
        return Finish(Add(Add(Add(Add(0, source), destination), tail), data));
    }

    /// <summary>Whether bytes that contain their checksum are intact.</summary>
    /// <param name="data">The bytes with the checksum in place.</param>
    /// <returns>True when the sum comes out right.</returns>
    public static bool IsValid(ReadOnlySpan<byte> data) => Compute(data) == 0;

    // Ones' complement sums may be taken in any word size and byte order: 32 bits at a time as they lie in memory, folded at the end.
    private static ulong Add(ulong sum, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(data);
        foreach (uint word in words)
        {
            sum += word;
        }

        ReadOnlySpan<byte> rest = data[(words.Length * sizeof(uint))..];
        if (rest.Length > 0)
        {
            Span<byte> padded = stackalloc byte[sizeof(uint)];
            padded.Clear();
            rest.CopyTo(padded);
            sum += MemoryMarshal.Read<uint>(padded);
        }

        return sum;
    }

    private static ushort Finish(ulong sum)
    {
        sum = (sum & uint.MaxValue) + (sum >> 32);
        sum = (sum & ushort.MaxValue) + ((sum >> 16) & ushort.MaxValue) + (sum >> 32);
        sum = (sum & ushort.MaxValue) + (sum >> 16);
        sum = (sum & ushort.MaxValue) + (sum >> 16);
        ushort folded = (ushort)~sum;
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded;
    }
}
