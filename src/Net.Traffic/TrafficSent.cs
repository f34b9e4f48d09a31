namespace Net.Traffic;

/// <summary>What a generator sent.</summary>
public sealed record TrafficSent
{
    /// <summary>Packets the kernel took.</summary>
    public required long Packets { get; init; }

    /// <summary>Their payload in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Packets the kernel refused and that count as sent and lost: the way out was full, or unreachable.</summary>
    public required long Refused { get; init; }

    /// <summary>Packets the schedule wanted and that were left out, because the generator could not keep up.</summary>
    public required long Missed { get; init; }

    /// <summary>How long it sent.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Number of the first stream; the others follow it.</summary>
    public required uint FirstStream { get; init; }

    /// <summary>Packets a second over <see cref="Elapsed"/>.</summary>
    public double PacketsPerSecond => Elapsed > TimeSpan.Zero ? Packets / Elapsed.TotalSeconds : 0;

    /// <summary>Bits of payload a second over <see cref="Elapsed"/>.</summary>
    public double BitsPerSecond => Elapsed > TimeSpan.Zero ? Bytes * 8 / Elapsed.TotalSeconds : 0;
}
