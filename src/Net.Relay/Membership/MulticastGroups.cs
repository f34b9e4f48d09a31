using System.Net;
using System.Net.Sockets;

namespace Net.Relay.Membership;

/// <summary>Well-known groups, and which groups hosts report.</summary>
public static class MulticastGroups
{
    /// <summary>224.0.0.1: all hosts of a link, to whom general queries go.</summary>
    public static IPAddress AllSystems { get; } = new([224, 0, 0, 1]);

    /// <summary>224.0.0.2: all routers of a link, to whom IGMPv2 leave messages go.</summary>
    public static IPAddress AllRouters { get; } = new([224, 0, 0, 2]);

    /// <summary>224.0.0.22: routers that know IGMPv3, to whom its reports go; RFC 9776 section 4.2.16.</summary>
    public static IPAddress IgmpRouters { get; } = new([224, 0, 0, 22]);

    /// <summary>ff02::1: all nodes of a link.</summary>
    public static IPAddress AllNodes { get; } = IPAddress.Parse("ff02::1");

    /// <summary>ff02::2: all routers of a link.</summary>
    public static IPAddress AllRoutersV6 { get; } = IPAddress.Parse("ff02::2");

    /// <summary>ff02::16: routers that know MLDv2; RFC 3810 section 5.2.14.</summary>
    public static IPAddress MldRouters { get; } = IPAddress.Parse("ff02::16");

    /// <summary>Whether an address is a multicast group.</summary>
    /// <param name="address">The address.</param>
    /// <returns>True for 224.0.0.0/4 and ff00::/8.</returns>
    public static bool IsGroup(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out int length) && (length == 4 ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == 0xff);
    }

    /// <summary>Whether routers keep a group's receivers: groups that never leave the link are not asked for (224.0.0.0/24; ff00:, ff01: and ff02: scopes; RFC 3810 section 6).</summary>
    /// <param name="address">The address.</param>
    /// <returns>True for a group of a wider scope than the link.</returns>
    public static bool IsRouted(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out int length))
        {
            return false;
        }

        return length == 4
            ? (bytes[0] & 0xf0) == 0xe0 && !(bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0)
            : bytes[0] == 0xff && (bytes[1] & 0x0f) > 2;
    }

    /// <summary>Where a message goes; RFC 9776 sections 4.1.12 and 4.2.16, RFC 2236 section 9, RFC 3810 sections 5.1.15 and 5.2.14.</summary>
    /// <param name="message">The message.</param>
    /// <param name="family">IPv4 or IPv6.</param>
    /// <returns>A multicast address.</returns>
    public static IPAddress DestinationOf(MembershipMessage message, AddressFamily family)
    {
        ArgumentNullException.ThrowIfNull(message);
        bool isV4 = family == AddressFamily.InterNetwork;
        return message.Kind switch
        {
            MembershipMessageKind.Query => message.Query!.Group ?? (isV4 ? AllSystems : AllNodes),
            MembershipMessageKind.Leave => isV4 ? AllRouters : AllRoutersV6,
            _ when message.Version == (isV4 ? 3 : 2) => isV4 ? IgmpRouters : MldRouters,
            _ => message.Records[0].Group,
        };
    }
}
