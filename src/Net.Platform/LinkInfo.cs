using System.Net.NetworkInformation;

namespace Net.Platform;

/// <summary>One network interface as the kernel describes it.</summary>
public sealed record LinkInfo
{
    /// <summary>Interface index; stays when the interface is renamed.</summary>
    public required int Index { get; init; }

    /// <summary>Interface name.</summary>
    public required string Name { get; init; }

    /// <summary>Kind of a virtual interface (veth, bridge, tun, vxlan); null for hardware.</summary>
    public string? Kind { get; init; }

    /// <summary>Hardware type as in if_arp.h: 1 Ethernet, 772 loopback, 65534 none.</summary>
    public ushort HardwareType { get; init; }

    /// <summary>Hardware address; null when the interface has none.</summary>
    public PhysicalAddress? HardwareAddress { get; init; }

    /// <summary>Largest packet in bytes.</summary>
    public uint MtuBytes { get; init; }

    /// <summary>Whether an administrator has switched it on.</summary>
    public bool IsAdminUp { get; init; }

    /// <summary>Whether the carrier is there; null when the kernel did not say.</summary>
    public bool? HasCarrier { get; init; }

    /// <summary>Operational state.</summary>
    public LinkOperationalState OperationalState { get; init; }

    /// <summary>Index of the bridge or other master this interface belongs to; null for none.</summary>
    public int? MasterIndex { get; init; }

    /// <summary>Index of the lower or peer interface; null for none. May lie in another namespace.</summary>
    public int? ParentIndex { get; init; }

    /// <summary>All IFF_ flags.</summary>
    public uint Flags { get; init; }

    /// <summary>Traffic so far.</summary>
    public LinkCounters Counters { get; init; }

    /// <summary>Whether this is the loopback interface.</summary>
    public bool IsLoopback => (Flags & 0x8) != 0;

    /// <summary>Whether packets can pass: switched on, and carrier and operational state do not speak against it.</summary>
    public bool IsUsable => IsAdminUp && HasCarrier != false
        && OperationalState is LinkOperationalState.Up or LinkOperationalState.Unknown;
}
