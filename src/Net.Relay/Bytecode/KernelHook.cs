namespace Net.Relay.Bytecode;

/// <summary>Where a program runs, which decides what it can read and call.</summary>
internal enum KernelHook
{
    /// <summary>At the ingress of an interface, with the kernel's buffer (struct __sk_buff).</summary>
    Tcx,

    /// <summary>In the driver, with the frame alone (struct xdp_md).</summary>
    Xdp,

    /// <summary>For a frame on its way out by a device map (struct xdp_md).</summary>
    XdpDevice,
}
