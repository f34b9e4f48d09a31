using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.RtnetlinkApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Asks the kernel for routes through rtnetlink, in the network namespace of the thread that makes it. Needs no capability.</summary>
[SupportedOSPlatform("linux")]
public sealed class RouteLookup : IRouteLookup
{
    private readonly Lock _gate = new();
    private readonly NetlinkSocket _socket = new(NetlinkFamily.Route);

    /// <inheritdoc />
    public RouteAnswer Lookup(RouteQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Source is { } source && source.AddressFamily != query.Destination.AddressFamily)
        {
            return Refused(RouteType.Unspecified, Libc.EINVAL, "source and destination are of different address families");
        }

        RouteAnswer? answer = Ask(query, RTM_F_LOOKUP_TABLE, out NetlinkException? refusal);
        if (answer is null)
        {
            return Explain(query, refusal!);
        }

        // The first answer is for this flow alone; which route it came from is a second question. Linux before 4.15 gives the first answer again.
        RouteAnswer? match = Ask(query, RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH, out _);
        bool isHost = match?.Prefix is { } prefix && prefix.PrefixLength == prefix.BaseAddress.GetAddressBytes().Length * 8;
        answer = answer with
        {
            Prefix = match is null || (isHost && match.Type != answer.Type) ? null : match.Prefix,
            Metric = match?.Metric ?? answer.Metric,
            Table = match is { Table: not 0 } ? match.Table : answer.Table,
        };
        return answer.IsReachable ? answer : answer with { Reason = ReasonOf(answer.Type), OutputInterface = null };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _socket.Dispose();
        }
    }

    private static RouteAnswer Refused(RouteType type, int error, string reason) => new() { Type = type, ErrorNumber = error, Reason = reason };

    private static string ReasonOf(RouteType type) => type switch
    {
        RouteType.Blackhole => "a blackhole route drops it silently",
        RouteType.Unreachable => "an unreachable route refuses it",
        RouteType.Prohibit => "a prohibit route refuses it",
        _ => "there is no route",
    };

    // The kernel answers with an errno where the route says to drop or refuse (fib_props, net/ipv4/fib_semantics.c), and with the same ones for other reasons.
    private RouteAnswer Explain(RouteQuery query, NetlinkException refusal)
    {
        int error = refusal.ErrorNumber;
        if (IsSourceRefused(query, error))
        {
            return Refused(
                RouteType.Unspecified,
                error,
                query.InputInterface is null ? "the source is no address of this host" : "the source address cannot come in by that interface (martian)");
        }

        return error switch
        {
            Libc.ENETUNREACH => Refused(RouteType.Unspecified, error, "there is no route"),
            Libc.EINVAL => Refused(RouteType.Blackhole, error, ReasonOf(RouteType.Blackhole)),
            Libc.EACCES => Refused(RouteType.Prohibit, error, ReasonOf(RouteType.Prohibit)),
            Libc.EHOSTUNREACH when query.InputInterface is null => Refused(RouteType.Unreachable, error, ReasonOf(RouteType.Unreachable)),
            Libc.EHOSTUNREACH => Refused(RouteType.Unspecified, error, "there is no route, or the interface it comes in by does not forward"),
            Libc.EXDEV => Refused(RouteType.Unspecified, error, "the source address fails the reverse path check of the interface it comes in by"),
            Libc.ENODEV => Refused(RouteType.Unspecified, error, "there is no such interface, or it is down"),
            _ => Refused(RouteType.Unspecified, error, refusal.Message),
        };
    }

    // EINVAL means a blackhole and ENETUNREACH no route, or both a source the kernel does not accept: asked without the source only the first is left.
    private bool IsSourceRefused(RouteQuery query, int error)
    {
        if (error is not (Libc.EINVAL or Libc.ENETUNREACH) || query.Source is null)
        {
            return false;
        }

        Ask(query with { Source = null, InputInterface = null }, RTM_F_LOOKUP_TABLE, out NetlinkException? refusal);
        return refusal?.ErrorNumber != error;
    }

    private RouteAnswer? Ask(RouteQuery query, uint flags, out NetlinkException? refusal)
    {
        var writer = new NetlinkWriter(stackalloc byte[256]);
        Write(ref writer, query, flags);
        refusal = null;
        try
        {
            lock (_gate)
            {
                List<RouteAnswer> answers = _socket.Query<RouteAnswer>(writer.Written, RouteAnswerParser.TryParse);
                if (answers.Count > 0)
                {
                    return answers[0];
                }
            }

            refusal = new NetlinkException("the kernel gave no route and no reason");
        }
        catch (NetlinkException exception)
        {
            refusal = exception;
        }

        return null;
    }

    private static void Write(ref NetlinkWriter writer, RouteQuery query, uint flags)
    {
        bool isV4 = query.Destination.AddressFamily == AddressFamily.InterNetwork;
        byte bits = isV4 ? (byte)32 : (byte)128;
        writer.Begin(RTM_GETROUTE, 0);
        writer.Header(new rtmsg
        {
            rtm_family = ConntrackEntry.ToKernel(query.Destination.AddressFamily),
            rtm_dst_len = bits,
            rtm_src_len = query.Source is null ? (byte)0 : bits,
            rtm_tos = query.TypeOfService,
            rtm_flags = flags,
        });
        WriteAddress(ref writer, RTA_DST, query.Destination);
        if (query.Source is { } source)
        {
            WriteAddress(ref writer, RTA_SRC, source);
        }

        WriteNumber(ref writer, RTA_IIF, (uint?)query.InputInterface);
        WriteNumber(ref writer, RTA_OIF, (uint?)query.OutputInterface);
        WriteNumber(ref writer, RTA_MARK, query.Mark == 0 ? null : query.Mark);
        WriteNumber(ref writer, RTA_UID, query.UserId);

        // The kernel refuses all other protocols here, though its rules can name them (rtm_getroute_parse_ip_proto, net/ipv4/ip_input.c).
        if (query.Protocol is 6 or 17 || (query.Protocol == Libc.IPPROTO_ICMP && isV4) || (query.Protocol == Libc.IPPROTO_ICMPV6 && !isV4))
        {
            writer.Attribute(RTA_IP_PROTO, query.Protocol.Value);
            WritePort(ref writer, RTA_SPORT, query.SourcePort);
            WritePort(ref writer, RTA_DPORT, query.DestinationPort);
        }

        writer.End();
    }

    private static void WriteAddress(ref NetlinkWriter writer, int type, IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        writer.Attribute(type, bytes[..length]);
    }

    private static void WriteNumber(ref NetlinkWriter writer, int type, uint? value)
    {
        if (value is { } number)
        {
            writer.Attribute(type, number);
        }
    }

    private static void WritePort(ref NetlinkWriter writer, int type, ushort? port)
    {
        if (port is { } number)
        {
            ConntrackRequests.WriteUInt16(ref writer, type, number);
        }
    }
}
