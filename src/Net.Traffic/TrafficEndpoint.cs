using System.Net;

namespace Net.Traffic;

/// <summary>Where a receiver listens.</summary>
/// <param name="Interface">Interface it comes in by, as the kernel calls it.</param>
/// <param name="Group">The first group, which is joined; or an address of this host's.</param>
/// <param name="Port">The first UDP port.</param>
public sealed record TrafficEndpoint(string Interface, IPAddress Group, ushort Port)
{
    /// <summary>Consecutive groups from <see cref="Group"/>.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Consecutive ports from <see cref="Port"/>, 64 at most.</summary>
    public int Ports { get; init; } = 1;

    /// <summary>The one source that is listened to (IGMPv3, MLDv2); null for any.</summary>
    public IPAddress? Source { get; init; }
}
