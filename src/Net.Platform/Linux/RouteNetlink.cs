using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.NetlinkApi;
using static Net.Platform.Linux.Interop.RtnetlinkApi;

namespace Net.Platform.Linux;

/// <summary>Reads and changes links, addresses, routes, rules and neighbours through rtnetlink, in the network namespace of the
/// thread that makes it. Calls may come from any thread.</summary>
[SupportedOSPlatform("linux")]
public sealed class RouteNetlink : INetworkState, INetworkEditor, IDisposable
{
    // Room for a route with 40 next hops or a rule with every selector.
    private const int RequestBytes = 2048;

    private readonly Lock _gate = new();
    private readonly NetlinkSocket _socket = new(NetlinkFamily.Route);

    /// <inheritdoc />
    public IReadOnlyList<LinkInfo> GetLinks() => Dump<LinkInfo, ifinfomsg>(RTM_GETLINK, default, RouteMessageParser.TryParseLink);

    /// <inheritdoc />
    public IReadOnlyList<AddressInfo> GetAddresses() => Dump<AddressInfo, ifaddrmsg>(RTM_GETADDR, default, RouteMessageParser.TryParseAddress);

    /// <inheritdoc />
    public IReadOnlyList<RouteInfo> GetRoutes() =>
    [
        .. Dump<RouteInfo, rtmsg>(RTM_GETROUTE, new rtmsg { rtm_family = Libc.AF_INET }, RouteMessageParser.TryParseRoute),
        .. Dump<RouteInfo, rtmsg>(RTM_GETROUTE, new rtmsg { rtm_family = Libc.AF_INET6 }, RouteMessageParser.TryParseRoute),
    ];

    /// <inheritdoc />
    public IReadOnlyList<RuleInfo> GetRules() =>
    [
        .. Dump<RuleInfo, fib_rule_hdr>(RTM_GETRULE, new fib_rule_hdr { family = Libc.AF_INET }, RouteMessageParser.TryParseRule),
        .. Dump<RuleInfo, fib_rule_hdr>(RTM_GETRULE, new fib_rule_hdr { family = Libc.AF_INET6 }, RouteMessageParser.TryParseRule),
    ];

    /// <inheritdoc />
    public IReadOnlyList<NeighborInfo> GetNeighbors() =>
    [
        .. Dump<NeighborInfo, ndmsg>(RTM_GETNEIGH, new ndmsg { ndm_family = Libc.AF_INET }, RouteMessageParser.TryParseNeighbor),
        .. Dump<NeighborInfo, ndmsg>(RTM_GETNEIGH, new ndmsg { ndm_family = Libc.AF_INET6 }, RouteMessageParser.TryParseNeighbor),
    ];

    /// <inheritdoc />
    public NetworkSnapshot GetSnapshot() => new()
    {
        Links = ToDictionary(GetLinks(), link => link.Index),
        Addresses = ToDictionary(GetAddresses(), AddressKey.Of),
        Routes = ToDictionary(GetRoutes(), RouteKey.Of),
        Rules = [.. GetRules()],
        Neighbors = ToDictionary(GetNeighbors(), NeighborKey.Of),
    };

    /// <inheritdoc />
    public void AddRoute(RouteInfo route) => ChangeRoute(route, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, "add");

    /// <inheritdoc />
    public void ReplaceRoute(RouteInfo route) => ChangeRoute(route, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, "replace");

    /// <inheritdoc />
    public void RemoveRoute(RouteInfo route) => ChangeRoute(route, RTM_DELROUTE, 0, "remove");

    /// <inheritdoc />
    public void AddRule(RuleInfo rule) => ChangeRule(rule, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, "add");

    /// <inheritdoc />
    public void RemoveRule(RuleInfo rule) => ChangeRule(rule, RTM_DELRULE, 0, "remove");

    /// <inheritdoc />
    public void AddAddress(AddressInfo address) => ChangeAddress(address, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, "add");

    /// <inheritdoc />
    public void RemoveAddress(AddressInfo address) => ChangeAddress(address, RTM_DELADDR, 0, "remove");

    /// <inheritdoc />
    public void SetLinkUp(int interfaceIndex, bool isUp)
    {
        var writer = new NetlinkWriter(stackalloc byte[RequestBytes]);
        writer.Begin(RTM_NEWLINK, 0);
        writer.Header(new ifinfomsg { ifi_index = interfaceIndex, ifi_flags = isUp ? (uint)IFF_UP : 0, ifi_change = IFF_UP });
        writer.End();
        Change(writer.Written, $"switch interface {interfaceIndex} {(isUp ? "on" : "off")}");
    }

    /// <inheritdoc />
    public void RenameLink(int interfaceIndex, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Encoding.UTF8.GetByteCount(name), IFNAMSIZ, nameof(name));
        var writer = new NetlinkWriter(stackalloc byte[RequestBytes]);
        writer.Begin(RTM_NEWLINK, 0);
        writer.Header(new ifinfomsg { ifi_index = interfaceIndex });
        writer.Attribute(IFLA_IFNAME, name);
        writer.End();
        Change(writer.Written, $"rename interface {interfaceIndex} to {name}");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _socket.Dispose();
        }
    }

    // Two entries of one identity cannot be told apart later either; the last one stands for both.
    internal static ImmutableDictionary<TKey, T> ToDictionary<TKey, T>(IReadOnlyList<T> items, Func<T, TKey> key)
        where TKey : notnull
    {
        ImmutableDictionary<TKey, T>.Builder builder = ImmutableDictionary.CreateBuilder<TKey, T>();
        foreach (T item in items)
        {
            builder[key(item)] = item;
        }

        return builder.ToImmutable();
    }

    private static byte ToFamily(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? (byte)Libc.AF_INET6 : (byte)Libc.AF_INET;

    private static string Describe(RouteInfo route)
    {
        var text = new StringBuilder($"route {route.Destination}");
        text.Append(route.Gateway is null ? "" : $" via {route.Gateway}");
        text.Append(route.InterfaceIndex is null ? "" : $" interface {route.InterfaceIndex}");
        return text.Append($" table {route.Table} metric {route.Metric}").ToString();
    }

    private void ChangeRoute(RouteInfo route, int type, int flags, string verb)
    {
        ArgumentNullException.ThrowIfNull(route);
        bool isRemoval = type == RTM_DELROUTE;
        bool hasGateway = route.Gateway is not null || route.NextHops.Count > 0;
        RouteScope scope = route.Scope ?? DefaultScope(route, hasGateway, isRemoval);
        var writer = new NetlinkWriter(stackalloc byte[RequestBytes]);
        writer.Begin(type, flags);
        writer.Header(new rtmsg
        {
            rtm_family = ToFamily(route.Family),
            rtm_dst_len = (byte)route.Destination.PrefixLength,
            rtm_tos = route.TypeOfService,
            rtm_table = route.Table > byte.MaxValue ? (byte)RT_TABLE_COMPAT : (byte)route.Table,
            rtm_protocol = route.Protocol,
            rtm_scope = (byte)scope,
            rtm_type = (byte)route.Type,
        });
        if (route.Destination.PrefixLength > 0)
        {
            writer.Attribute(RTA_DST, route.Destination.BaseAddress.GetAddressBytes());
        }

        writer.Attribute(RTA_TABLE, route.Table);
        if (route.Metric != 0)
        {
            writer.Attribute(RTA_PRIORITY, route.Metric);
        }

        if (route.PreferredSource is not null)
        {
            writer.Attribute(RTA_PREFSRC, route.PreferredSource.GetAddressBytes());
        }

        if (route.NextHops.Count > 0)
        {
            WriteNextHops(ref writer, route.NextHops);
        }
        else
        {
            WriteGateway(ref writer, route.Gateway, route.Family);
            if (route.InterfaceIndex is int index)
            {
                writer.Attribute(RTA_OIF, (uint)index);
            }
        }

        writer.End();
        Change(writer.Written, $"{verb} {Describe(route)}");
    }

    private static RouteScope DefaultScope(RouteInfo route, bool hasGateway, bool isRemoval)
    {
        // "Nowhere" in a removal matches any scope.
        if (isRemoval)
        {
            return RouteScope.Nowhere;
        }

        if (route.Type == RouteType.Local)
        {
            return RouteScope.Host;
        }

        return hasGateway || route.Family == AddressFamily.InterNetworkV6 || route.Type != RouteType.Unicast ? RouteScope.Universe : RouteScope.Link;
    }

    private static void WriteNextHops(ref NetlinkWriter writer, ValueList<RouteNextHop> hops)
    {
        int list = writer.BeginNested(RTA_MULTIPATH);
        foreach (RouteNextHop hop in hops)
        {
            byte[]? gateway = hop.Gateway?.GetAddressBytes();
            writer.Header(new rtnexthop
            {
                rtnh_len = (ushort)(8 + (gateway is null ? 0 : 4 + gateway.Length)),
                rtnh_hops = (byte)(Math.Clamp(hop.Weight, 1, 256) - 1),
                rtnh_ifindex = hop.InterfaceIndex,
            });
            if (gateway is not null)
            {
                writer.Attribute(RTA_GATEWAY, gateway);
            }
        }

        writer.EndNested(list);
    }

    private static void WriteGateway(ref NetlinkWriter writer, IPAddress? gateway, AddressFamily family)
    {
        if (gateway is null)
        {
            return;
        }

        byte[] bytes = gateway.GetAddressBytes();
        if (gateway.AddressFamily == family)
        {
            writer.Attribute(RTA_GATEWAY, bytes);
        }
        else
        {
            // IPv4 through an IPv6 router: RTA_VIA is the family as 16 bits and then the address.
            writer.Attribute(RTA_VIA, [ToFamily(gateway.AddressFamily), 0, .. bytes]);
        }
    }

    private void ChangeRule(RuleInfo rule, int type, int flags, string verb)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var writer = new NetlinkWriter(stackalloc byte[RequestBytes]);
        writer.Begin(type, flags);
        writer.Header(new fib_rule_hdr
        {
            family = ToFamily(rule.Family),
            dst_len = (byte)(rule.Destination?.PrefixLength ?? 0),
            src_len = (byte)(rule.Source?.PrefixLength ?? 0),
            table = rule.Table > byte.MaxValue ? (byte)RT_TABLE_UNSPEC : (byte)rule.Table,
            action = (byte)rule.Action,
            flags = rule.IsInverted ? (uint)FIB_RULE_INVERT : 0,
        });
        writer.Attribute(FRA_PRIORITY, rule.Priority);
        writer.Attribute(FRA_PROTOCOL, rule.Protocol);
        if (rule.Table != 0)
        {
            writer.Attribute(FRA_TABLE, rule.Table);
        }

        if (rule.FirewallMark is uint mark)
        {
            writer.Attribute(FRA_FWMARK, mark);
            writer.Attribute(FRA_FWMASK, rule.FirewallMask ?? uint.MaxValue);
        }

        WritePrefix(ref writer, FRA_SRC, rule.Source);
        WritePrefix(ref writer, FRA_DST, rule.Destination);
        if (rule.InputInterface is not null)
        {
            writer.Attribute(FRA_IIFNAME, rule.InputInterface);
        }

        if (rule.OutputInterface is not null)
        {
            writer.Attribute(FRA_OIFNAME, rule.OutputInterface);
        }

        if (rule.UidStart is uint first)
        {
            Span<byte> range = stackalloc byte[8];
            var uids = new fib_rule_uid_range { start = first, end = rule.UidEnd ?? first };
            System.Runtime.InteropServices.MemoryMarshal.Write(range, in uids);
            writer.Attribute(FRA_UID_RANGE, range);
        }

        if (rule.IpProtocol is byte protocol)
        {
            writer.Attribute(FRA_IP_PROTO, protocol);
        }

        if (rule.DestinationPortStart is ushort firstPort)
        {
            Span<byte> range = stackalloc byte[4];
            var ports = new fib_rule_port_range { start = firstPort, end = rule.DestinationPortEnd ?? firstPort };
            System.Runtime.InteropServices.MemoryMarshal.Write(range, in ports);
            writer.Attribute(FRA_DPORT_RANGE, range);
        }

        if (rule.SuppressPrefixLength is int length)
        {
            writer.Attribute(FRA_SUPPRESS_PREFIXLEN, (uint)length);
        }

        writer.End();
        Change(writer.Written, $"{verb} rule {rule.Priority} table {rule.Table}");
    }

    private static void WritePrefix(ref NetlinkWriter writer, int type, IPNetwork? prefix)
    {
        if (prefix is { PrefixLength: > 0 } given)
        {
            writer.Attribute(type, given.BaseAddress.GetAddressBytes());
        }
    }

    private void ChangeAddress(AddressInfo address, int type, int flags, string verb)
    {
        ArgumentNullException.ThrowIfNull(address);
        var writer = new NetlinkWriter(stackalloc byte[RequestBytes]);
        writer.Begin(type, flags);
        writer.Header(new ifaddrmsg
        {
            ifa_family = ToFamily(address.Family),
            ifa_prefixlen = (byte)address.PrefixLength,
            ifa_flags = (byte)address.Flags,
            ifa_scope = (byte)address.Scope,
            ifa_index = address.InterfaceIndex,
        });
        writer.Attribute(IFA_LOCAL, address.Address.GetAddressBytes());
        writer.Attribute(IFA_ADDRESS, (address.Peer ?? address.Address).GetAddressBytes());
        writer.Attribute(IFA_FLAGS, (uint)address.Flags);
        writer.End();
        Change(writer.Written, $"{verb} address {address.Address}/{address.PrefixLength} on interface {address.InterfaceIndex}");
    }

    private void Change(Span<byte> request, string attempted)
    {
        try
        {
            lock (_gate)
            {
                _socket.Request(request);
            }
        }
        catch (NetlinkException exception)
        {
            string reason = exception.KernelMessage ?? Libc.Describe(exception.ErrorNumber);
            throw new NetworkChangeException(
                attempted, exception.ErrorNumber, exception.KernelMessage, $"cannot {attempted}: {reason} (errno {exception.ErrorNumber})", exception);
        }
    }

    private List<T> Dump<T, THeader>(int type, THeader header, NetlinkParser<T> parser)
        where THeader : unmanaged
    {
        var writer = new NetlinkWriter(stackalloc byte[64]);
        writer.Begin(type, 0);
        writer.Header(in header);
        writer.End();
        lock (_gate)
        {
            return _socket.Dump(writer.Written, parser);
        }
    }
}
