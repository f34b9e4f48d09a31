namespace Net.Platform.Linux.Relay;

/// <summary>Kinds of maps: enum bpf_map_type of linux/bpf.h.</summary>
public enum BpfMapKind
{
    /// <summary>Keys of any bytes.</summary>
    Hash = 1,

    /// <summary>Keys are indices.</summary>
    Array = 2,

    /// <summary>An array with a value for each CPU.</summary>
    PerCpuArray = 6,

    /// <summary>Longest prefix match; keys begin with the length in bits (32 bits, host order).</summary>
    LongestPrefix = 11,

    /// <summary>A hash whose values are maps.</summary>
    HashOfMaps = 13,

    /// <summary>An array of interfaces packets are redirected to.</summary>
    DeviceArray = 14,

    /// <summary>Interfaces packets are redirected to, by any number.</summary>
    DeviceHash = 25,
}
