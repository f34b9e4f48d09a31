using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Which part of the kernel a netlink socket talks to.</summary>
public enum NetlinkFamily
{
    /// <summary>Links, addresses, routes, rules, neighbours.</summary>
    Route = NetlinkApi.NETLINK_ROUTE,

    /// <summary>The packet filter.</summary>
    Netfilter = NetlinkApi.NETLINK_NETFILTER,
}
