namespace Net.Relay;

/// <summary>Says how far groups may go.</summary>
public static class GroupScopes
{
    private static readonly AddressPrefix IPv4Link = AddressPrefix.Parse("224.0.0.0/24");
    private static readonly AddressPrefix IPv4Site = AddressPrefix.Parse("239.255.0.0/16");
    private static readonly AddressPrefix IPv4Organization = AddressPrefix.Parse("239.192.0.0/14");
    private static readonly AddressPrefix IPv6Groups = AddressPrefix.Parse("ff00::/8");

    /// <summary>The narrowest scope any address of a prefix has.</summary>
    /// <param name="destination">A group, a prefix, or a unicast address.</param>
    public static GroupScope Of(AddressPrefix destination)
    {
        if (!destination.IsIPv6)
        {
            return destination.Overlaps(IPv4Link) ? GroupScope.Link
                : destination.Overlaps(IPv4Site) ? GroupScope.Site
                : destination.Overlaps(IPv4Organization) ? GroupScope.Organization
                : GroupScope.Global;
        }

        if (!destination.Overlaps(IPv6Groups))
        {
            return GroupScope.Global;
        }

        // The scope is the lower half of the second byte (RFC 4291 section 2.7); a prefix that leaves it open has link-local groups in it.
        const int BitsWithScope = 16;
        if (destination.Length < BitsWithScope)
        {
            return GroupScope.Link;
        }

        return ((int)(RelayAddress.From(destination.Address).High >> 48) & 0xF) switch
        {
            0 or 1 or 2 or 0xF => GroupScope.Link,
            3 or 4 or 5 => GroupScope.Site,
            8 => GroupScope.Organization,
            _ => GroupScope.Global,
        };
    }
}
