using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Net.Contracts;
using Net.Overlay.Identity;

namespace Net.Engine.Overlay;

/// <summary>Addresses and prefixes in the forms that contract, domain and kernel have for them.</summary>
internal static class OverlayNumbers
{
    /// <summary>Whether an address is of IPv4.</summary>
    public static bool IsIPv4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>An IPv4 address as a number, most significant octet first.</summary>
    public static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    /// <summary>An IPv4 address of its number.</summary>
    public static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    /// <summary>An IPv6 address of its number.</summary>
    public static IPAddress ToAddress(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    /// <summary>The length of the prefix that holds one address.</summary>
    public static int Bits(IPAddress address) => IsIPv4(address) ? 32 : 128;

    /// <summary>The prefix that holds one address.</summary>
    public static IPNetwork Host(IPAddress address) => new(address, Bits(address));

    /// <summary>A prefix of the contract; a single address is its own prefix.</summary>
    public static IPNetwork ToNetwork(AddressRange range) => new(range.First, range.PrefixLength ?? Bits(range.First));

    /// <summary>Whether a range is a prefix or one address, and so something a route can lead to.</summary>
    public static bool IsPrefix(AddressRange range) => range.PrefixLength is not null || range.First.Equals(range.Last);

    /// <summary>Whether one prefix lies in another.</summary>
    public static bool Contains(IPNetwork outer, IPNetwork inner) => inner.PrefixLength >= outer.PrefixLength && outer.Contains(inner.BaseAddress);

    /// <summary>The pool of an overlay's prefix; null when it cannot be one.</summary>
    public static OverlayIPv4Pool? ToPool(AddressRange range)
    {
        try
        {
            return range.PrefixLength is { } length && IsIPv4(range.First) ? new OverlayIPv4Pool(ToNumber(range.First), length) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
