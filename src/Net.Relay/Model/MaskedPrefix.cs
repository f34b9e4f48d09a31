using System.Runtime.CompilerServices;

namespace Net.Relay;

/// <summary>A prefix made ready for comparing.</summary>
internal readonly struct MaskedPrefix
{
    /// <summary>Prepares a prefix.</summary>
    /// <param name="prefix">The prefix.</param>
    public MaskedPrefix(AddressPrefix prefix)
    {
        Length = prefix.MappedLength;
        Address = RelayAddress.From(prefix.Address).Mask(Length);
        IsIPv4 = !prefix.IsIPv6;
    }

    /// <summary>Its first address.</summary>
    public RelayAddress Address { get; }

    /// <summary>Its length, counted over 128 bits.</summary>
    public int Length { get; }

    /// <summary>Its family: ::/0 has every IPv4 address in the form of 128 bits, but does not mean it.</summary>
    public bool IsIPv4 { get; }

    /// <summary>Whether an address is in it.</summary>
    /// <param name="address">The address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(RelayAddress address) => address.IsIPv4 == IsIPv4 && address.Mask(Length) == Address;
}
