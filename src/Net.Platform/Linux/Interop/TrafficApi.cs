using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>What sending and receiving traffic to measure with calls: many datagrams a call (sys/socket.h), multicast options (netinet/in.h), clocks (time.h), signals to a thread (signal.h).</summary>
internal static unsafe partial class TrafficApi
{
    internal const int IP_MULTICAST_IF = 32;
    internal const int IP_MULTICAST_TTL = 33;
    internal const int IP_MULTICAST_LOOP = 34;
    internal const int IP_PMTUDISC_DONT = 0;
    internal const int IP_PMTUDISC_DO = 2;
    internal const int IPV6_MULTICAST_IF = 17;
    internal const int IPV6_MULTICAST_HOPS = 18;
    internal const int IPV6_MULTICAST_LOOP = 19;
    internal const int MCAST_JOIN_GROUP = 42;
    internal const int MCAST_JOIN_SOURCE_GROUP = 46;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_RXQ_OVFL = 40;
    internal const int CLOCK_TAI = 11;
    internal const int TIMER_ABSTIME = 1;
    internal const int PR_SET_TIMERSLACK = 29;
    internal const int SIGURG = 23;

    private const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sendmmsg(int fd, mmsghdr* messages, uint count, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int recvmmsg(int fd, mmsghdr* messages, uint count, int flags, Libc.timespec* timeout);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial uint if_nametoindex(string name);

    [LibraryImport(Library)]
    internal static partial int clock_nanosleep(int clock, int flags, Libc.timespec* until, Libc.timespec* left);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport(Library)]
    internal static partial int gettid();

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tgkill(int process, int thread, int signal);

    [StructLayout(LayoutKind.Sequential)]
    internal struct mmsghdr
    {
        public Libc.msghdr msg_hdr;
        public uint msg_len;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ip_mreqn
    {
        public uint imr_multiaddr;
        public uint imr_address;
        public int imr_ifindex;
    }

    /// <summary>gr_group is a sockaddr_storage of 128 bytes, of which ours are the first.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 136)]
    internal struct group_req
    {
        [FieldOffset(0)]
        public uint gr_interface;

        [FieldOffset(8)]
        public SocketEndpoint gr_group;
    }

    /// <summary>Both addresses are a sockaddr_storage of 128 bytes, of which ours are the first.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 264)]
    internal struct group_source_req
    {
        [FieldOffset(0)]
        public uint gsr_interface;

        [FieldOffset(8)]
        public SocketEndpoint gsr_group;

        [FieldOffset(136)]
        public SocketEndpoint gsr_source;
    }
}
