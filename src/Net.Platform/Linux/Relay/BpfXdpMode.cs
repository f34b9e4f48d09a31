namespace Net.Platform.Linux.Relay;

/// <summary>How an XDP program is run: XDP_FLAGS_* of linux/if_link.h.</summary>
public enum BpfXdpMode
{
    /// <summary>In the driver where it can, otherwise behind it.</summary>
    Any = 0,

    /// <summary>Behind the driver, on the kernel's buffers: works everywhere, faster than nothing.</summary>
    Generic = 2,

    /// <summary>In the driver or not at all.</summary>
    Native = 4,
}
