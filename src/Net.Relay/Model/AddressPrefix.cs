using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Net.Relay;

/// <summary>An address and how many of its leading bits count: a single address where all do, as /32 or /128.</summary>
/// <param name="Address">The address. Bits beyond the length are ignored; <see cref="Of(IPAddress, int)"/> clears them, so that equal prefixes are equal records.</param>
/// <param name="Length">0..32 for IPv4, 0..128 for IPv6.</param>
public readonly record struct AddressPrefix(IPAddress Address, int Length)
{
    /// <summary>Whether it is one of IPv6.</summary>
    public bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Whether it stands for a single address.</summary>
    public bool IsExact => Length == BitsOf(Address);

    /// <summary>Whether every address in it is a multicast group (224.0.0.0/4 by RFC 5771, ff00::/8 by RFC 4291 section 2.7).</summary>
    public bool IsMulticast => IsIPv6 ? Length >= 8 && RelayAddress.From(Address).IsMulticast : Length >= 4 && RelayAddress.From(Address).IsMulticast;

    /// <summary>Makes the prefix of one address.</summary>
    /// <param name="address">The address.</param>
    public static AddressPrefix Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Of(address, BitsOf(address));
    }

    /// <summary>Makes a prefix, with the bits beyond its length cleared.</summary>
    /// <param name="address">An address in it.</param>
    /// <param name="length">0..32 for IPv4, 0..128 for IPv6.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length does not fit the family.</exception>
    public static AddressPrefix Of(IPAddress address, int length)
    {
        ArgumentNullException.ThrowIfNull(address);
        int bits = BitsOf(address);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, bits);
        RelayAddress masked = RelayAddress.From(address).Mask(length + (RelayAddress.Bits - bits));
        return new AddressPrefix(masked.ToIPAddress(), length);
    }

    /// <summary>Reads "239.1.1.1", "239.1.0.0/16", "ff05::1" or "ff05::/16". Bits beyond the length must be zero, as a mistyped prefix should be said and not guessed at.</summary>
    /// <param name="text">The text.</param>
    /// <param name="prefix">The prefix, when it returns true.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(string? text, out AddressPrefix prefix)
    {
        prefix = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string addressText = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(addressText, out IPAddress? address) || address.IsIPv4MappedToIPv6 || addressText.Contains('%', StringComparison.Ordinal))
        {
            return false;
        }

        // The framework reads "5" and "1.2" as IPv4 too; nobody means that here.
        if (address.AddressFamily == AddressFamily.InterNetwork && addressText.AsSpan().Count('.') != 3)
        {
            return false;
        }

        int length = BitsOf(address);
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > BitsOf(address)))
        {
            return false;
        }

        prefix = Of(address, length);
        return prefix.Address.Equals(address);
    }

    /// <summary>Reads what <see cref="TryParse"/> reads.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is no address and no prefix.</exception>
    public static AddressPrefix Parse(string text) =>
        TryParse(text, out AddressPrefix prefix) ? prefix : throw new FormatException($"'{text}' is neither an address nor a prefix like 239.1.0.0/16.");

    /// <summary>Whether an address is in it.</summary>
    /// <param name="address">The address, of either family.</param>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily == Address.AddressFamily && Contains(RelayAddress.From(address));
    }

    /// <summary>Whether an address is in it.</summary>
    /// <param name="address">The address, of either family.</param>
    public bool Contains(RelayAddress address) =>
        address.IsIPv4 != IsIPv6 && address.Mask(MappedLength) == RelayAddress.From(Address).Mask(MappedLength);

    /// <summary>Whether two prefixes have an address in common, that is, one contains the other.</summary>
    /// <param name="other">The other.</param>
    public bool Overlaps(AddressPrefix other) => Length <= other.Length ? Contains(other.Address) : other.Contains(Address);

    /// <summary>An address, or address and length where it stands for several.</summary>
    public override string ToString() => IsExact ? Address.ToString() : string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    /// <summary>The length counted over the 128 bits of a <see cref="RelayAddress"/>.</summary>
    internal int MappedLength => Length + RelayAddress.Bits - BitsOf(Address);

    private static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;
}
