namespace Net.Platform.Linux.Relay;

/// <summary>Where a program hangs on an interface: enum bpf_attach_type of linux/bpf.h.</summary>
public enum BpfAttachPoint
{
    /// <summary>In the driver, or behind it where the driver cannot.</summary>
    Xdp = 37,

    /// <summary>Packets that came in, before the IP stack (Linux 6.6).</summary>
    TcxIngress = 46,

    /// <summary>Packets that go out (Linux 6.6).</summary>
    TcxEgress = 47,
}
