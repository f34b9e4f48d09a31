using System.Buffers.Binary;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.ConntrackApi;
using static Net.Platform.Linux.Interop.NetlinkApi;
using static Net.Platform.Linux.Interop.NftablesApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Writes requests of ctnetlink.</summary>
internal static class ConntrackRequests
{
    /// <summary>Room for any one of them.</summary>
    public const int MaxBytes = 512;

    /// <summary>Starts a request.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="message">IPCTNL_MSG_CT_ number.</param>
    /// <param name="family">AF_ number.</param>
    /// <param name="flags">NLM_F_ flags.</param>
    public static void Begin(ref NetlinkWriter writer, int message, byte family, int flags = 0)
    {
        writer.Begin((NFNL_SUBSYS_CTNETLINK << 8) | message, flags);
        writer.Header(new nfgenmsg { nfgen_family = family, version = NFNETLINK_V0 });
    }

    /// <summary>Writes a request to remove one entry: by its original tuple, its zone and its number.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="entry">The entry.</param>
    public static void WriteDelete(ref NetlinkWriter writer, in ConntrackEntry entry)
    {
        Begin(ref writer, IPCTNL_MSG_CT_DELETE, entry.Family);
        WriteTuple(ref writer, CTA_TUPLE_ORIG, entry, entry.Original);
        if (entry.Zone != 0)
        {
            WriteUInt16(ref writer, CTA_ZONE, entry.Zone);
        }

        if (entry.Id != 0)
        {
            writer.AttributeBigEndian(CTA_ID, entry.Id);
        }

        writer.End();
    }

    /// <summary>Writes one direction of an entry.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="type">CTA_TUPLE_ORIG or CTA_TUPLE_REPLY.</param>
    /// <param name="entry">The entry, for family and protocol.</param>
    /// <param name="tuple">The direction.</param>
    public static void WriteTuple(ref NetlinkWriter writer, int type, in ConntrackEntry entry, in ConntrackTuple tuple)
    {
        int outer = writer.BeginNested(type | NLA_F_NESTED);
        int addresses = writer.BeginNested(CTA_TUPLE_IP | NLA_F_NESTED);
        if (entry.Family == Libc.AF_INET)
        {
            writer.AttributeBigEndian(CTA_IP_V4_SRC, (uint)tuple.Source);
            writer.AttributeBigEndian(CTA_IP_V4_DST, (uint)tuple.Destination);
        }
        else
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, tuple.Source);
            writer.Attribute(CTA_IP_V6_SRC, bytes);
            BinaryPrimitives.WriteUInt128BigEndian(bytes, tuple.Destination);
            writer.Attribute(CTA_IP_V6_DST, bytes);
        }

        writer.EndNested(addresses);
        int protocol = writer.BeginNested(CTA_TUPLE_PROTO | NLA_F_NESTED);
        writer.Attribute(CTA_PROTO_NUM, entry.Protocol);
        if (entry.IsIcmp)
        {
            bool isV4 = entry.Protocol == ConntrackEntry.Icmp;
            WriteUInt16(ref writer, isV4 ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID, tuple.SourcePort);
            writer.Attribute(isV4 ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE, tuple.IcmpType);
            writer.Attribute(isV4 ? CTA_PROTO_ICMP_CODE : CTA_PROTO_ICMPV6_CODE, tuple.IcmpCode);
        }
        else
        {
            WriteUInt16(ref writer, CTA_PROTO_SRC_PORT, tuple.SourcePort);
            WriteUInt16(ref writer, CTA_PROTO_DST_PORT, tuple.DestinationPort);
        }

        writer.EndNested(protocol);
        writer.EndNested(outer);
    }

    /// <summary>Writes a number of 16 bits in network byte order.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="type">Attribute type.</param>
    /// <param name="value">The number.</param>
    public static void WriteUInt16(ref NetlinkWriter writer, int type, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        writer.Attribute(type, bytes);
    }
}
