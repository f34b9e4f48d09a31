namespace Net.Platform.Linux.Relay;

/// <summary>Kinds of programs: enum bpf_prog_type of linux/bpf.h.</summary>
public enum BpfProgramKind
{
    /// <summary>Sees packets of an interface as the kernel's own buffers. Needs CAP_BPF and CAP_NET_ADMIN.</summary>
    TrafficControl = 3,

    /// <summary>Sees frames in the driver. Needs CAP_BPF and CAP_NET_ADMIN.</summary>
    Xdp = 6,

    /// <summary>As <see cref="Xdp"/>, but runs for a frame redirected to a device, as an entry of a device map (BPF_XDP_DEVMAP).</summary>
    XdpDevice = 6 | (33 << 8),
}
