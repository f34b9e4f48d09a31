using System.Net;

namespace Net.Platform.Linux.Relay;

/// <summary>How a <see cref="UdpReceiver"/> is opened.</summary>
public sealed record UdpReceiverOptions
{
    /// <summary>The group or own address it receives, and the port.</summary>
    public required IPEndPoint Local { get; init; }

    /// <summary>Name of the interface datagrams must arrive on; null for any on which the host is a member. Takes CAP_NET_RAW before Linux 5.7.</summary>
    public string? Device { get; init; }

    /// <summary>Whether it receives what any socket of the host joined on its interface (IP_MULTICAST_ALL of ip(7)); otherwise only what it joined itself.</summary>
    public bool ReceivesForAll { get; init; } = true;

    /// <summary>Bytes the kernel may hold that were not received. Beyond the host's limit only with CAP_NET_ADMIN; without it the limit applies.</summary>
    public int ReceiveBufferBytes { get; init; } = 8 * 1024 * 1024;
}
