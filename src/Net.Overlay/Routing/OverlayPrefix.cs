using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Net.Overlay.Routing;

/// <summary>An IPv4 or IPv6 prefix as routing and policy compare it: the address left-aligned in 128 bits, so that both families take the same code.
/// A value type: comparing and looking up allocates nothing. Host bits are always zero.</summary>
public readonly record struct OverlayPrefix
{
    private const int IPv4Bytes = 4;
    private const int IPv6Bytes = 16;

    /// <summary>Makes a prefix; bits beyond the length are cleared.</summary>
    /// <param name="address">The address in network byte order, 4 or 16 bytes.</param>
    /// <param name="length">Bits that count, 0 to 32 or 0 to 128.</param>
    /// <exception cref="ArgumentOutOfRangeException">The address is of no family, or the length is too long for it.</exception>
    public OverlayPrefix(ReadOnlySpan<byte> address, int length)
    {
        if (address.Length is not (IPv4Bytes or IPv6Bytes))
        {
            throw new ArgumentOutOfRangeException(nameof(address), address.Length, "An address has 4 or 16 bytes.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, address.Length * 8);
        IsIPv6 = address.Length == IPv6Bytes;
        Length = length;
        Bits = Align(address) & MaskOf(length);
    }

    /// <summary>The network address, left-aligned: an IPv4 address stands in the highest 32 bits.</summary>
    public UInt128 Bits { get; }

    /// <summary>Whether it is an IPv6 prefix.</summary>
    public bool IsIPv6 { get; }

    /// <summary>Bits that count.</summary>
    public int Length { get; }

    /// <summary>Whether it holds every address of its family.</summary>
    public bool IsDefault => Length == 0;

    /// <summary>The mask that goes with <see cref="Bits"/>.</summary>
    public UInt128 Mask => MaskOf(Length);

    /// <summary>Makes a prefix from the platform's address type; bits beyond the length are cleared.</summary>
    /// <param name="address">An address of either family.</param>
    /// <param name="length">Bits that count.</param>
    public static OverlayPrefix From(IPAddress address, int length)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new OverlayPrefix(address.GetAddressBytes(), length);
    }

    /// <summary>Reads "10.1.0.0/16", "fd00::/8" or a bare address (a prefix of its full length).</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is no prefix; the message says what is wrong with it.</exception>
    public static OverlayPrefix Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out OverlayPrefix prefix, out string? problem) ? prefix : throw new FormatException(problem);
    }

    /// <summary>Reads what <see cref="Parse"/> reads.</summary>
    /// <param name="text">The text.</param>
    /// <param name="prefix">The prefix.</param>
    /// <returns>False when the text is no prefix, or has bits set beyond its length.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out OverlayPrefix prefix) => TryParse(text, out prefix, out _);

    /// <summary>Reads what <see cref="Parse"/> reads and says what is wrong otherwise.</summary>
    /// <param name="text">The text.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="problem">A sentence for a user, null on success.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out OverlayPrefix prefix, [NotNullWhen(false)] out string? problem)
    {
        prefix = default;
        int slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        string? addressText = slash < 0 ? text : text![..slash];
        if (!TryParseAddress(addressText, out IPAddress? address))
        {
            problem = $"'{text}' is not a prefix such as 10.1.0.0/16 or fd00::/8.";
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        int length = bytes.Length * 8;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bytes.Length * 8))
        {
            problem = $"'{text}' has no prefix length from 0 to {bytes.Length * 8} behind the slash.";
            return false;
        }

        prefix = new OverlayPrefix(bytes, length);
        if (prefix.Bits != Align(bytes))
        {
            problem = $"'{text}' has bits set beyond its length; the prefix is {prefix}.";
            prefix = default;
            return false;
        }

        problem = null;
        return true;
    }

    /// <summary>Whether an address lies in the prefix.</summary>
    /// <param name="address">4 or 16 bytes; one of the other family never does.</param>
    public bool Contains(ReadOnlySpan<byte> address) =>
        address.Length == (IsIPv6 ? IPv6Bytes : IPv4Bytes) && (Align(address) & Mask) == Bits;

    /// <summary>Whether every address of another prefix lies in this one.</summary>
    /// <param name="other">The other prefix.</param>
    public bool Contains(in OverlayPrefix other) =>
        other.IsIPv6 == IsIPv6 && other.Length >= Length && (other.Bits & Mask) == Bits;

    /// <summary>Writes the network address.</summary>
    /// <param name="destination">At least 4 or 16 bytes.</param>
    /// <returns>4 or 16, the bytes written.</returns>
    public int WriteAddress(Span<byte> destination)
    {
        if (IsIPv6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(destination, Bits);
            return IPv6Bytes;
        }

        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(Bits >> 96));
        return IPv4Bytes;
    }

    /// <summary>The network address as the platform's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[IPv6Bytes];
        return new IPAddress(bytes[..WriteAddress(bytes)]);
    }

    /// <summary>The text <see cref="Parse"/> reads, always with the length.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ToIPAddress()}/{Length}");

    /// <summary>An address left-aligned in 128 bits.</summary>
    /// <param name="address">4 or 16 bytes.</param>
    internal static UInt128 Align(ReadOnlySpan<byte> address) => address.Length == IPv4Bytes
        ? new UInt128((ulong)BinaryPrimitives.ReadUInt32BigEndian(address) << 32, 0)
        : BinaryPrimitives.ReadUInt128BigEndian(address);

    private static UInt128 MaskOf(int length) => length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);

    // The platform also reads "10.1" and "010.0.0.1"; a route must mean what it looks like, so only the usual spelling is taken.
    private static bool TryParseAddress(string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (!IPAddress.TryParse(text, out address) || text!.Contains('%', StringComparison.Ordinal) || text.Contains('[', StringComparison.Ordinal))
        {
            return false;
        }

        return address.GetAddressBytes().Length == IPv6Bytes || address.ToString() == text;
    }
}
