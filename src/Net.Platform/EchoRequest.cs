using System.Net;

namespace Net.Platform;

/// <summary>One ICMP echo probe.</summary>
public sealed record EchoRequest
{
    /// <summary>Whom to probe.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>Interface the probe must leave by; null for the routing table's choice.</summary>
    public string? InterfaceName { get; init; }

    /// <summary>How long to wait for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Data bytes after the ICMP header; at least 16, because they carry the cookie that proves the answer ours.</summary>
    public int PayloadBytes { get; init; } = 32;

    /// <summary>Hop limit; null for the system's default.</summary>
    public int? HopLimit { get; init; }
}
