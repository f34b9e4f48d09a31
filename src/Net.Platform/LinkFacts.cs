namespace Net.Platform;

/// <summary>What the driver knows about a link. Null is unknown.</summary>
public sealed record LinkFacts
{
    /// <summary>Speed in bits per second.</summary>
    public long? SpeedBitsPerSecond { get; init; }

    /// <summary>Whether both directions work at once.</summary>
    public bool? IsFullDuplex { get; init; }

    /// <summary>Name of the driver.</summary>
    public string? Driver { get; init; }

    /// <summary>Whether the carrier is there, asked from the driver.</summary>
    public bool? HasCarrier { get; init; }

    /// <summary>Whether it is wireless.</summary>
    public bool IsWireless { get; init; }

    /// <summary>Wireless signal in dBm.</summary>
    public int? SignalDbm { get; init; }

    /// <summary>Whether hardware stands behind it (as opposed to a virtual interface).</summary>
    public bool IsPhysical { get; init; }
}
