using System.Net;

namespace Net.Platform.Linux;

/// <summary>How a <see cref="TrafficSendSocket"/> is opened.</summary>
public sealed record TrafficSenderOptions
{
    /// <summary>Interface everything leaves by.</summary>
    public required string Interface { get; init; }

    /// <summary>Whether it sends IPv6.</summary>
    public bool IsIPv6 { get; init; }

    /// <summary>Source address and port; null and port 0 leave them to the kernel.</summary>
    public IPEndPoint? Source { get; init; }

    /// <summary>Time to live, hop limit, to groups and hosts alike.</summary>
    public byte Ttl { get; init; } = 16;

    /// <summary>Whether this host hears its own packets to groups.</summary>
    public bool LoopsBack { get; init; }

    /// <summary>Whether packets larger than the interface's MTU are fragmented; otherwise they are refused.</summary>
    public bool Fragments { get; init; }

    /// <summary>Payload of each datagram in bytes.</summary>
    public required int PayloadBytes { get; init; }

    /// <summary>Datagrams it holds until they are sent together.</summary>
    public int Capacity { get; init; } = 64;

    /// <summary>Bytes that may wait in the kernel. Beyond the host's limit only with CAP_NET_ADMIN.</summary>
    public int SendBufferBytes { get; init; } = 4 * 1024 * 1024;
}
