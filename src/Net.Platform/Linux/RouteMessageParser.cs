using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.RtnetlinkApi;

namespace Net.Platform.Linux;

/// <summary>Makes records of rtnetlink messages. Whatever arrives, nothing but <see cref="NetlinkException"/> is thrown.</summary>
internal static class RouteMessageParser
{
    public static bool TryParseLink(in NetlinkMessage message, out LinkInfo link)
    {
        link = null!;
        if (message.Type is not (RTM_NEWLINK or RTM_DELLINK))
        {
            return false;
        }

        ifinfomsg header = message.Header<ifinfomsg>();

        // Bridges announce the state of their ports in messages of family AF_BRIDGE; those are not links.
        if (header.ifi_family != Libc.AF_UNSPEC)
        {
            return false;
        }

        var found = new LinkInfo
        {
            Index = header.ifi_index,
            Name = "",
            HardwareType = header.ifi_type,
            Flags = header.ifi_flags,
            IsAdminUp = (header.ifi_flags & IFF_UP) != 0,
        };
        NetlinkReader attributes = message.Attributes<ifinfomsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            found = attribute.Type switch
            {
                IFLA_IFNAME => found with { Name = attribute.Text },
                IFLA_ADDRESS => found with { HardwareAddress = attribute.HardwareAddress },
                IFLA_MTU => found with { MtuBytes = attribute.UInt32 },
                IFLA_LINK => found with { ParentIndex = NullIfZero(attribute.Int32) },
                IFLA_MASTER => found with { MasterIndex = NullIfZero(attribute.Int32) },
                IFLA_OPERSTATE => found with { OperationalState = (LinkOperationalState)attribute.Byte },
                IFLA_CARRIER => found with { HasCarrier = attribute.Byte != 0 },
                IFLA_STATS64 => found with { Counters = ToCounters(attribute.Read<rtnl_link_stats64>()) },
                IFLA_LINKINFO when attribute.Nested.TryFind(IFLA_INFO_KIND, out NetlinkAttribute kind) => found with { Kind = kind.Text },
                _ => found,
            };
        }

        link = found;
        return found.Name.Length > 0;
    }

    public static bool TryParseAddress(in NetlinkMessage message, out AddressInfo address)
    {
        address = null!;
        if (message.Type is not (RTM_NEWADDR or RTM_DELADDR))
        {
            return false;
        }

        ifaddrmsg header = message.Header<ifaddrmsg>();
        IPAddress? own = null;
        IPAddress? other = null;
        uint flags = header.ifa_flags;
        NetlinkReader attributes = message.Attributes<ifaddrmsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case IFA_LOCAL:
                    own = attribute.Address;
                    break;
                case IFA_ADDRESS:
                    other = attribute.Address;
                    break;
                case IFA_FLAGS:
                    flags = attribute.UInt32;
                    break;
            }
        }

        // IFA_ADDRESS is the peer where IFA_LOCAL is given too, and the address itself otherwise.
        own ??= other;
        if (own is null || header.ifa_prefixlen > Bits(own))
        {
            return false;
        }

        address = new AddressInfo
        {
            InterfaceIndex = header.ifa_index,
            Address = own,
            PrefixLength = header.ifa_prefixlen,
            Peer = other is not null && !other.Equals(own) ? other : null,
            Scope = (RouteScope)header.ifa_scope,
            Flags = (AddressFlags)flags,
        };
        return true;
    }

    public static bool TryParseRoute(in NetlinkMessage message, out RouteInfo route)
    {
        route = null!;
        if (message.Type is not (RTM_NEWROUTE or RTM_DELROUTE))
        {
            return false;
        }

        rtmsg header = message.Header<rtmsg>();

        // Cloned entries are the cache of single destinations, not routes.
        if (header.rtm_family is not (Libc.AF_INET or Libc.AF_INET6) || (header.rtm_flags & RTM_F_CLONED) != 0)
        {
            return false;
        }

        IPAddress destination = header.rtm_family == Libc.AF_INET ? IPAddress.Any : IPAddress.IPv6Any;
        var found = new RouteInfo
        {
            Destination = default,
            Table = header.rtm_table,
            Protocol = header.rtm_protocol,
            Scope = (RouteScope)header.rtm_scope,
            Type = (RouteType)header.rtm_type,
            TypeOfService = header.rtm_tos,
            IsLinkDown = (header.rtm_flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) != 0,
        };
        NetlinkReader attributes = message.Attributes<rtmsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case RTA_DST:
                    destination = attribute.Address;
                    break;
                case RTA_TABLE:
                    found = found with { Table = attribute.UInt32 };
                    break;
                case RTA_OIF:
                    found = found with { InterfaceIndex = NullIfZero(attribute.Int32) };
                    break;
                case RTA_GATEWAY:
                    found = found with { Gateway = attribute.Address };
                    break;
                case RTA_VIA when attribute.Value.Length > 2:
                    found = found with { Gateway = ToAddress(attribute.Value[2..]) };
                    break;
                case RTA_PRIORITY:
                    found = found with { Metric = attribute.UInt32 };
                    break;
                case RTA_PREFSRC:
                    found = found with { PreferredSource = attribute.Address };
                    break;
                case RTA_MULTIPATH:
                    found = found with { NextHops = ParseNextHops(attribute.Value) };
                    break;
            }
        }

        if ((destination.AddressFamily == AddressFamily.InterNetwork) != (header.rtm_family == Libc.AF_INET))
        {
            return false;
        }

        route = found with { Destination = ToPrefix(destination, header.rtm_dst_len) };
        return true;
    }

    public static bool TryParseRule(in NetlinkMessage message, out RuleInfo rule)
    {
        rule = null!;
        if (message.Type is not (RTM_NEWRULE or RTM_DELRULE))
        {
            return false;
        }

        fib_rule_hdr header = message.Header<fib_rule_hdr>();
        if (header.family is not (Libc.AF_INET or Libc.AF_INET6))
        {
            return false;
        }

        var found = new RuleInfo
        {
            Family = header.family == Libc.AF_INET ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6,
            Priority = 0,
            Table = header.table,
            Action = (RuleAction)header.action,
            IsInverted = (header.flags & FIB_RULE_INVERT) != 0,
            Protocol = 0,
        };
        NetlinkReader attributes = message.Attributes<fib_rule_hdr>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            found = attribute.Type switch
            {
                FRA_PRIORITY => found with { Priority = attribute.UInt32 },
                FRA_TABLE => found with { Table = attribute.UInt32 },
                FRA_FWMARK => found with { FirewallMark = attribute.UInt32 },
                FRA_FWMASK => found with { FirewallMask = attribute.UInt32 },
                FRA_SRC => found with { Source = ToPrefix(attribute.Address, header.src_len) },
                FRA_DST => found with { Destination = ToPrefix(attribute.Address, header.dst_len) },
                FRA_IIFNAME => found with { InputInterface = attribute.Text },
                FRA_OIFNAME => found with { OutputInterface = attribute.Text },
                FRA_UID_RANGE => found with { UidStart = attribute.Read<fib_rule_uid_range>().start, UidEnd = attribute.Read<fib_rule_uid_range>().end },
                FRA_SUPPRESS_PREFIXLEN => found with { SuppressPrefixLength = attribute.Int32 < 0 ? null : attribute.Int32 },
                FRA_PROTOCOL => found with { Protocol = attribute.Byte },
                FRA_IP_PROTO => found with { IpProtocol = attribute.Byte },
                FRA_DPORT_RANGE => found with { DestinationPortStart = attribute.Read<fib_rule_port_range>().start, DestinationPortEnd = attribute.Read<fib_rule_port_range>().end },
                _ => found,
            };
        }

        // Without a mark the mask says nothing; a full mask is the same as none.
        rule = found with { FirewallMask = found.FirewallMark is null || found.FirewallMask == uint.MaxValue ? null : found.FirewallMask };
        return true;
    }

    public static bool TryParseNeighbor(in NetlinkMessage message, out NeighborInfo neighbor)
    {
        neighbor = null!;
        if (message.Type is not (RTM_NEWNEIGH or RTM_DELNEIGH))
        {
            return false;
        }

        ndmsg header = message.Header<ndmsg>();
        NetlinkReader attributes = message.Attributes<ndmsg>();
        if (header.ndm_family is not (Libc.AF_INET or Libc.AF_INET6) || !attributes.TryFind(NDA_DST, out NetlinkAttribute destination))
        {
            return false;
        }

        neighbor = new NeighborInfo
        {
            InterfaceIndex = header.ndm_ifindex,
            Address = destination.Address,
            HardwareAddress = attributes.TryFind(NDA_LLADDR, out NetlinkAttribute hardware) ? hardware.HardwareAddress : null,
            State = (NeighborStates)header.ndm_state,
            IsRouter = (header.ndm_flags & NTF_ROUTER) != 0,
        };
        return true;
    }

    private static ValueList<RouteNextHop> ParseNextHops(ReadOnlySpan<byte> bytes)
    {
        const int headerBytes = 8;
        var hops = new List<RouteNextHop>();
        while (bytes.Length >= headerBytes)
        {
            rtnexthop header = System.Runtime.InteropServices.MemoryMarshal.Read<rtnexthop>(bytes);
            if (header.rtnh_len < headerBytes || header.rtnh_len > bytes.Length)
            {
                throw new NetlinkException("a next hop is longer than its route");
            }

            var attributes = new NetlinkReader(bytes[headerBytes..header.rtnh_len]);
            IPAddress? gateway = null;
            if (attributes.TryFind(RTA_GATEWAY, out NetlinkAttribute direct))
            {
                gateway = direct.Address;
            }
            else if (attributes.TryFind(RTA_VIA, out NetlinkAttribute via) && via.Value.Length > 2)
            {
                gateway = ToAddress(via.Value[2..]);
            }

            hops.Add(new RouteNextHop { Gateway = gateway, InterfaceIndex = header.rtnh_ifindex, Weight = header.rtnh_hops + 1 });
            int next = NetlinkWriter.Align(header.rtnh_len);
            bytes = next < bytes.Length ? bytes[next..] : default;
        }

        return [.. hops];
    }

    private static IPAddress ToAddress(ReadOnlySpan<byte> bytes) =>
        bytes.Length is 4 or 16 ? new IPAddress(bytes) : throw new NetlinkException($"{bytes.Length} bytes are no address");

    private static IPNetwork ToPrefix(IPAddress address, int length)
    {
        if (length > Bits(address))
        {
            throw new NetlinkException($"{address} cannot have a prefix of {length} bits");
        }

        // IPNetwork refuses host bits, which the kernel lets through in rules.
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int count);
        for (int i = 0; i < count; i++)
        {
            int kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - kept));
        }

        return new IPNetwork(new IPAddress(bytes[..count]), length);
    }

    private static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    private static int? NullIfZero(int value) => value == 0 ? null : value;

    private static LinkCounters ToCounters(in rtnl_link_stats64 stats) => new(
        stats.rx_bytes,
        stats.tx_bytes,
        stats.rx_packets,
        stats.tx_packets,
        stats.rx_errors,
        stats.tx_errors,
        stats.rx_dropped,
        stats.tx_dropped);
}
