using Net.Platform.Linux;
using Net.Platform.Linux.Interop;
using Net.Platform.Linux.Netfilter;

namespace Net.Platform.Tests.Linux.Netfilter;

/// <summary>Puts made-up connections into the kernel's table, as conntrackd does, through IPCTNL_MSG_CT_NEW.</summary>
internal static class ConntrackFiller
{
    private const int Batch = 64;

    /// <summary>Makes entries whose fields vary with their number, so that filters of all kinds find some and leave some.</summary>
    public static void Fill(NetlinkSocket socket, int count)
    {
        byte[] buffer = new byte[Batch * 256];
        for (int start = 0; start < count; start += Batch)
        {
            var writer = new NetlinkWriter(buffer);
            for (int i = start; i < Math.Min(start + Batch, count); i++)
            {
                Write(ref writer, i);
            }

            socket.Request(writer.Written);
        }
    }

    private static void Write(ref NetlinkWriter writer, int number)
    {
        bool isV6 = number % 5 == 4;
        byte protocol = (number % 4) switch { 0 or 1 => 6, 2 => 17, _ => isV6 ? (byte)58 : (byte)1 };
        uint host = (uint)(number / 200);
        var entry = new ConntrackEntry { Family = isV6 ? (byte)Libc.AF_INET6 : (byte)Libc.AF_INET, Protocol = protocol };
        entry.Original = new ConntrackTuple
        {
            Source = isV6 ? ((UInt128)0xfd09 << 112) | host : 0x0a000000 + host,
            Destination = isV6 ? ((UInt128)0xfd10 << 112) | 1 : 0xc6336401 + (uint)(number % 3),
            SourcePort = (ushort)(1024 + (number % 50_000)),
            DestinationPort = protocol is 6 or 17 ? (ushort)(number % 2 == 0 ? 443 : 53) : (ushort)0,
            IcmpType = protocol == 1 ? (byte)8 : protocol == 58 ? (byte)128 : (byte)0,
        };
        entry.Reply = entry.Original with
        {
            Source = entry.Original.Destination,
            Destination = entry.Original.Source,
            SourcePort = protocol is 6 or 17 ? entry.Original.DestinationPort : entry.Original.SourcePort,
            DestinationPort = protocol is 6 or 17 ? entry.Original.SourcePort : (ushort)0,
            IcmpType = protocol == 1 ? (byte)0 : protocol == 58 ? (byte)129 : (byte)0,
        };
        ConntrackRequests.Begin(ref writer, ConntrackApi.IPCTNL_MSG_CT_NEW, entry.Family, NetlinkApi.NLM_F_CREATE | NetlinkApi.NLM_F_EXCL);
        ConntrackRequests.WriteTuple(ref writer, ConntrackApi.CTA_TUPLE_ORIG, entry, entry.Original);
        ConntrackRequests.WriteTuple(ref writer, ConntrackApi.CTA_TUPLE_REPLY, entry, entry.Reply);
        writer.AttributeBigEndian(ConntrackApi.CTA_TIMEOUT, 600);
        writer.AttributeBigEndian(ConntrackApi.CTA_MARK, (uint)(number % 7));
        writer.AttributeBigEndian(
            ConntrackApi.CTA_STATUS,
            (uint)(ConnectionStatus.Confirmed | (number % 3 == 0 ? ConnectionStatus.SeenReply | ConnectionStatus.Assured : number % 3 == 1 ? ConnectionStatus.SeenReply : 0)));
        if (protocol == 6)
        {
            int information = writer.BeginNested(ConntrackApi.CTA_PROTOINFO | NetlinkApi.NLA_F_NESTED);
            int tcp = writer.BeginNested(ConntrackApi.CTA_PROTOINFO_TCP | NetlinkApi.NLA_F_NESTED);
            writer.Attribute(ConntrackApi.CTA_PROTOINFO_TCP_STATE, (byte)(number % 4 == 0 ? 3 : 7));
            writer.EndNested(tcp);
            writer.EndNested(information);
        }

        writer.End();
    }
}
