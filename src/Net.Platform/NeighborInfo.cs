using System.Net;
using System.Net.NetworkInformation;

namespace Net.Platform;

/// <summary>One neighbour: an address on the link and the hardware address behind it.</summary>
public sealed record NeighborInfo
{
    /// <summary>Index of the interface.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>The neighbour's address.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Its hardware address; null while unknown.</summary>
    public PhysicalAddress? HardwareAddress { get; init; }

    /// <summary>How sure the kernel is of it.</summary>
    public NeighborStates State { get; init; }

    /// <summary>Whether it is a router (IPv6).</summary>
    public bool IsRouter { get; init; }
}
