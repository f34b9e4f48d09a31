namespace Net.Packets.Bytecode;

/// <summary>Functions of the kernel that programs call: enum bpf_func_id of linux/bpf.h, where each is described.</summary>
public static class EbpfHelper
{
    /// <summary>bpf_map_lookup_elem(map, key): address of the value, or null.</summary>
    public const int MapLookup = 1;

    /// <summary>bpf_ktime_get_ns(): nanoseconds of CLOCK_MONOTONIC.</summary>
    public const int TimeNanoseconds = 5;

    /// <summary>bpf_l3_csum_replace(skb, offset, from, to, flags).</summary>
    public const int ReplaceNetworkChecksum = 10;

    /// <summary>bpf_l4_csum_replace(skb, offset, from, to, flags).</summary>
    public const int ReplaceTransportChecksum = 11;

    /// <summary>bpf_clone_redirect(skb, ifindex, flags): sends a copy.</summary>
    public const int CloneRedirect = 13;

    /// <summary>bpf_redirect(ifindex, flags): what the program is to return so that the packet is sent.</summary>
    public const int Redirect = 23;

    /// <summary>bpf_skb_pull_data(skb, length): makes the first bytes readable in place.</summary>
    public const int PullData = 39;

    /// <summary>bpf_csum_update(skb, csum): adds to the sum the device made over the packet, when it made one.</summary>
    public const int UpdateDeviceChecksum = 40;

    /// <summary>bpf_redirect_map(map, key, flags): as <see cref="Redirect"/>, by way of a map of devices.</summary>
    public const int RedirectMap = 51;

    /// <summary>bpf_ktime_get_coarse_ns(): as <see cref="TimeNanoseconds"/>, but of the last tick, some milliseconds ago at most, for a tenth of the cost. Since Linux 5.11.</summary>
    public const int TimeCoarseNanoseconds = 160;
}
