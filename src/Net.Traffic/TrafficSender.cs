namespace Net.Traffic;

/// <summary>How a generator gives its packets to the kernel.</summary>
public enum TrafficSender
{
    /// <summary>UDP sockets: sendmmsg(2), and UDP_SEGMENT for runs of one stream. Needs no capability and goes through the host's own stack.</summary>
    Socket,

    /// <summary>Frames an XDP program sends straight out of the interface, as if they came from another host (BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18):
    /// several million a second from one core. Needs CAP_BPF and CAP_NET_ADMIN, and goes to groups only. Streams do not say that they end.</summary>
    LiveFrames,
}
