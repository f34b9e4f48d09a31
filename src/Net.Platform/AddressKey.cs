using System.Net;

namespace Net.Platform;

/// <summary>What makes two address entries the same one.</summary>
/// <param name="InterfaceIndex">Index of the interface.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">Length of its prefix.</param>
public readonly record struct AddressKey(int InterfaceIndex, IPAddress Address, int PrefixLength)
{
    /// <summary>The identity of an address.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Its key.</returns>
    public static AddressKey Of(AddressInfo address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new AddressKey(address.InterfaceIndex, address.Address, address.PrefixLength);
    }
}
