using System.Buffers.Binary;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.ConntrackApi;
using static Net.Platform.Linux.Interop.NftablesApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Reads messages of ctnetlink. Whatever bytes arrive, nothing is thrown.</summary>
internal static class ConntrackParser
{
    /// <summary>IPCTNL_MSG_CT_ number of a message; -1 when it is not of connection tracking.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The number.</returns>
    public static int KindOf(in NetlinkMessage message) => message.Type >> 8 == NFNL_SUBSYS_CTNETLINK ? message.Type & 0xff : -1;

    /// <summary>Reads an entry of a dump or an event.</summary>
    /// <param name="message">The message.</param>
    /// <param name="entry">The entry.</param>
    /// <returns>False when the message holds none, or makes no sense.</returns>
    public static bool TryParse(in NetlinkMessage message, out ConntrackEntry entry)
    {
        entry = default;
        if (KindOf(message) is not (IPCTNL_MSG_CT_NEW or IPCTNL_MSG_CT_DELETE) || message.Payload.Length < 4)
        {
            return false;
        }

        entry.Family = message.Payload[0];
        if (entry.Family is not (Libc.AF_INET or Libc.AF_INET6))
        {
            return false;
        }

        bool hasOriginal = false;
        bool hasReply = false;
        bool isSound = true;
        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case CTA_TUPLE_ORIG:
                    hasOriginal = TryParseTuple(attribute.Nested, ref entry, ref entry.Original, ref entry.Zone);
                    break;
                case CTA_TUPLE_REPLY:
                    ushort ignoredZone = 0;
                    hasReply = TryParseTuple(attribute.Nested, ref entry, ref entry.Reply, ref ignoredZone);
                    break;
                case CTA_STATUS:
                    isSound &= attribute.TryGet(ref entry.Status);
                    break;
                case CTA_PROTOINFO:
                    entry.ProtocolState = ParseState(attribute.Nested);
                    break;
                case CTA_TIMEOUT:
                    entry.HasTimeout = attribute.TryGet(ref entry.TimeoutSeconds);
                    isSound &= entry.HasTimeout;
                    break;
                case CTA_MARK:
                    isSound &= attribute.TryGet(ref entry.Mark);
                    break;
                case CTA_ID:
                    isSound &= attribute.TryGet(ref entry.Id);
                    break;
                case CTA_ZONE:
                    isSound &= attribute.TryGet(ref entry.Zone);
                    break;
                case CTA_COUNTERS_ORIG:
                    entry.HasOriginalCounter = TryParseCounter(attribute.Nested, out entry.OriginalCounter);
                    break;
                case CTA_COUNTERS_REPLY:
                    entry.HasReplyCounter = TryParseCounter(attribute.Nested, out entry.ReplyCounter);
                    break;
                case CTA_TIMESTAMP:
                    NetlinkReader times = attribute.Nested;
                    while (times.TryRead(out NetlinkAttribute time))
                    {
                        isSound &= time.Type switch
                        {
                            CTA_TIMESTAMP_START => time.TryGet(ref entry.StartNanoseconds),
                            CTA_TIMESTAMP_STOP => time.TryGet(ref entry.StopNanoseconds),
                            _ => true,
                        };
                    }

                    break;
            }
        }

        return hasOriginal && hasReply && isSound;
    }

    /// <summary>Reads the answer to IPCTNL_MSG_CT_GET_STATS.</summary>
    /// <param name="message">The message.</param>
    /// <param name="totals">Entries now, and entries that fit; 0 where a kernel before Linux 4.18 does not say.</param>
    /// <returns>False when it is another message, or makes no sense.</returns>
    public static bool TryParseTotals(in NetlinkMessage message, out (uint Count, uint Maximum) totals)
    {
        uint count = 0;
        uint maximum = 0;
        bool isFound = false;
        if (KindOf(message) == IPCTNL_MSG_CT_GET_STATS)
        {
            NetlinkReader attributes = message.Attributes<nfgenmsg>();
            while (attributes.TryRead(out NetlinkAttribute attribute))
            {
                if (attribute.Type == CTA_STATS_GLOBAL_ENTRIES)
                {
                    isFound = attribute.TryGet(ref count);
                }
                else if (attribute.Type == CTA_STATS_GLOBAL_MAX_ENTRIES)
                {
                    attribute.TryGet(ref maximum);
                }
            }
        }

        totals = (count, maximum);
        return isFound;
    }

    /// <summary>Reads one processor's part of the answer to IPCTNL_MSG_CT_GET_STATS_CPU.</summary>
    /// <param name="message">The message.</param>
    /// <param name="part">Its counters; count and maximum are 0.</param>
    /// <returns>False when it is another message.</returns>
    public static bool TryParseProcessor(in NetlinkMessage message, out ConnectionTableStatistic part)
    {
        part = default;
        if (KindOf(message) != IPCTNL_MSG_CT_GET_STATS_CPU)
        {
            return false;
        }

        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            uint value = 0;
            attribute.TryGet(ref value);
            part = attribute.Type switch
            {
                CTA_STATS_FOUND => part with { Found = value },
                CTA_STATS_INVALID => part with { Invalid = value },
                CTA_STATS_INSERT_FAILED => part with { InsertFailed = value },
                CTA_STATS_DROP => part with { Dropped = value },
                CTA_STATS_EARLY_DROP => part with { EarlyDropped = value },
                _ => part,
            };
        }

        return true;
    }

    private static bool TryParseTuple(NetlinkReader attributes, ref ConntrackEntry entry, ref ConntrackTuple tuple, ref ushort zone)
    {
        bool hasAddresses = false;
        bool hasProtocol = false;
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case CTA_TUPLE_IP:
                    hasAddresses = TryParseAddresses(attribute.Nested, entry.Family, ref tuple);
                    break;
                case CTA_TUPLE_PROTO:
                    hasProtocol = TryParseProtocol(attribute.Nested, ref entry.Protocol, ref tuple);
                    break;
                case CTA_TUPLE_ZONE:
                    attribute.TryGet(ref zone);
                    break;
            }
        }

        return hasAddresses && hasProtocol;
    }

    private static bool TryParseAddresses(NetlinkReader attributes, byte family, ref ConntrackTuple tuple)
    {
        bool hasSource = false;
        bool hasDestination = false;
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case CTA_IP_V4_SRC when family == Libc.AF_INET && attribute.Value.Length >= 4:
                    tuple.Source = BinaryPrimitives.ReadUInt32BigEndian(attribute.Value);
                    hasSource = true;
                    break;
                case CTA_IP_V4_DST when family == Libc.AF_INET && attribute.Value.Length >= 4:
                    tuple.Destination = BinaryPrimitives.ReadUInt32BigEndian(attribute.Value);
                    hasDestination = true;
                    break;
                case CTA_IP_V6_SRC when family == Libc.AF_INET6 && attribute.Value.Length >= 16:
                    tuple.Source = BinaryPrimitives.ReadUInt128BigEndian(attribute.Value);
                    hasSource = true;
                    break;
                case CTA_IP_V6_DST when family == Libc.AF_INET6 && attribute.Value.Length >= 16:
                    tuple.Destination = BinaryPrimitives.ReadUInt128BigEndian(attribute.Value);
                    hasDestination = true;
                    break;
            }
        }

        return hasSource && hasDestination;
    }

    private static bool TryParseProtocol(NetlinkReader attributes, ref byte protocol, ref ConntrackTuple tuple)
    {
        bool isFound = false;
        bool isSound = true;
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case CTA_PROTO_NUM:
                    isFound = attribute.TryGet(ref protocol);
                    break;
                case CTA_PROTO_SRC_PORT or CTA_PROTO_ICMP_ID or CTA_PROTO_ICMPV6_ID:
                    isSound &= attribute.TryGet(ref tuple.SourcePort);
                    break;
                case CTA_PROTO_DST_PORT:
                    isSound &= attribute.TryGet(ref tuple.DestinationPort);
                    break;
                case CTA_PROTO_ICMP_TYPE or CTA_PROTO_ICMPV6_TYPE:
                    isSound &= attribute.TryGet(ref tuple.IcmpType);
                    break;
                case CTA_PROTO_ICMP_CODE or CTA_PROTO_ICMPV6_CODE:
                    isSound &= attribute.TryGet(ref tuple.IcmpCode);
                    break;
            }
        }

        return isFound && isSound;
    }

    private static byte ParseState(NetlinkReader attributes)
    {
        byte state = 0;
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            // The state is the first attribute of both.
            if (attribute.Type is CTA_PROTOINFO_TCP or CTA_PROTOINFO_SCTP && attribute.Nested.TryFind(CTA_PROTOINFO_TCP_STATE, out NetlinkAttribute number))
            {
                number.TryGet(ref state);
            }
        }

        return state;
    }

    private static bool TryParseCounter(NetlinkReader attributes, out CounterValue counter)
    {
        ulong packets = 0;
        ulong bytes = 0;
        bool hasPackets = false;
        bool hasBytes = false;
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type == CTA_COUNTERS_PACKETS)
            {
                hasPackets = attribute.TryGet(ref packets);
            }
            else if (attribute.Type == CTA_COUNTERS_BYTES)
            {
                hasBytes = attribute.TryGet(ref bytes);
            }
        }

        counter = new CounterValue(packets, bytes);
        return hasPackets && hasBytes;
    }
}
