namespace Net.Workers.Overlay;

/// <summary>A peer's session.</summary>
public sealed record PeerReport
{
    /// <summary>The peer.</summary>
    public int Index { get; set; }

    /// <summary><c>idle</c>, <c>connecting</c>, <c>authenticating</c>, <c>up</c>, <c>backoff</c>, <c>refused</c> or <c>disabled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>When the state began, on the wall clock.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The endpoint in use.</summary>
    public string? RemoteEndpoint { get; set; }

    /// <summary>The smoothed round trip; null without a session.</summary>
    public TimeSpan? RoundTripTime { get; set; }

    /// <summary>The largest IP packet that goes through whole.</summary>
    public int? PathMtuBytes { get; set; }

    /// <summary>The congestion window in bytes.</summary>
    public long? CongestionWindowBytes { get; set; }

    /// <summary><c>datagram</c> or <c>stream</c>.</summary>
    public string? Carriage { get; set; }

    /// <summary>Bytes of IP packets sent.</summary>
    public long SentBytes { get; set; }

    /// <summary>Bytes of IP packets received.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>Sessions made.</summary>
    public int Connections { get; set; }

    /// <summary>When the session came up.</summary>
    public DateTimeOffset? ConnectedAt { get; set; }
}
