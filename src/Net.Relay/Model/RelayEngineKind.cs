namespace Net.Relay;

/// <summary>What moves the packets of a rule.</summary>
public enum RelayEngineKind : byte
{
    /// <summary>eBPF in the driver of the input interface, before the kernel makes a buffer of its own of the frame.</summary>
    Xdp,

    /// <summary>eBPF at the ingress of the input interface (tcx, Linux 6.6), on any device.</summary>
    Tcx,

    /// <summary>A worker that takes frames from a ring of AF_PACKET and writes headers itself.</summary>
    Packet,

    /// <summary>A worker with ordinary UDP sockets, which needs no capability at all.</summary>
    Socket,
}
