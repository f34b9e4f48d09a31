using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>linux/sock_diag.h, inet_diag.h; TCP states of netinet/tcp.h. Ports and addresses are in network byte order.</summary>
internal static unsafe class SocketDiagApi
{
    internal const int SOCK_DIAG_BY_FAMILY = 20;
    internal const int TCP_ESTABLISHED = 1;
    internal const int IPPROTO_TCP = 6;

    [StructLayout(LayoutKind.Sequential)]
    internal struct inet_diag_sockid
    {
        public ushort idiag_sport;
        public ushort idiag_dport;
        public fixed uint idiag_src[4];
        public fixed uint idiag_dst[4];
        public uint idiag_if;
        public fixed uint idiag_cookie[2];
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct inet_diag_req_v2
    {
        public byte sdiag_family;
        public byte sdiag_protocol;
        public byte idiag_ext;
        private readonly byte _pad;
        public uint idiag_states;
        public inet_diag_sockid id;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct inet_diag_msg
    {
        public byte idiag_family;
        public byte idiag_state;
        public byte idiag_timer;
        public byte idiag_retrans;
        public inet_diag_sockid id;
        public uint idiag_expires;
        public uint idiag_rqueue;
        public uint idiag_wqueue;
        public uint idiag_uid;
        public uint idiag_inode;
    }
}
