using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Which part of the kernel a netlink socket talks to.</summary>
public enum NetlinkFamily
{
    /// <summary>Links, addresses, routes, rules, neighbours.</summary>
    Route = NetlinkApi.NETLINK_ROUTE,

    /// <summary>Sockets of this host.</summary>
    SocketDiagnostics = NetlinkApi.NETLINK_SOCK_DIAG,

    /// <summary>The packet filter and connection tracking.</summary>
    Netfilter = NetlinkApi.NETLINK_NETFILTER,
}
