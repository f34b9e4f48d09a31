using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;

namespace Net.Relay;

/// <summary>An address of either family in 128 bits, for tables and comparisons that must not allocate. IPv4 is kept as IPv4-mapped IPv6 (RFC 4291 section
/// 2.5.5.2), which no packet on a wire carries.</summary>
/// <param name="High">The first 64 bits as a number.</param>
/// <param name="Low">The last 64 bits as a number.</param>
public readonly record struct RelayAddress(ulong High, ulong Low)
{
    /// <summary>How many bits it has.</summary>
    public const int Bits = 128;

    /// <summary>The longest prefix all IPv4 addresses have in common.</summary>
    public const int IPv4Bits = 96;

    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>Whether it is an IPv4 address.</summary>
    public bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>Whether it is a group (RFC 5771, RFC 4291 section 2.7).</summary>
    public bool IsMulticast => IsIPv4 ? ((Low >> 28) & 0xF) == 0xE : High >> 56 == 0xFF;

    /// <summary>The last four bytes as a number: what steering counts with, for both families.</summary>
    public uint LastWord => (uint)Low;

    /// <summary>Reads an address as it lies in a packet.</summary>
    /// <param name="bytes">4 or 16 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RelayAddress From(ReadOnlySpan<byte> bytes) => bytes.Length == 4
        ? new RelayAddress(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes))
        : new RelayAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Makes one of the framework's.</summary>
    /// <param name="address">The address; a scope is left out.</param>
    public static RelayAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int written);
        return From(bytes[..written]);
    }

    /// <summary>Clears all bits beyond a prefix.</summary>
    /// <param name="length">0..128; for IPv4 the length plus <see cref="IPv4Bits"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RelayAddress Mask(int length) => length >= 64
        ? new RelayAddress(High, length >= 128 ? Low : length == 64 ? 0 : Low & (ulong.MaxValue << (128 - length)))
        : new RelayAddress(length == 0 ? 0 : High & (ulong.MaxValue << (64 - length)), 0);

    /// <summary>Writes it as it lies in a packet.</summary>
    /// <param name="destination">4 bytes for IPv4, else 16.</param>
    public void Write(Span<byte> destination)
    {
        if (destination.Length == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Low);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>Makes one of the framework's; allocates.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        Span<byte> used = IsIPv4 ? bytes[..4] : bytes;
        Write(used);
        return new IPAddress(used);
    }

    /// <summary>The address as people write it.</summary>
    public override string ToString() => ToIPAddress().ToString();
}
