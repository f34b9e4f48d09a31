namespace Net.Platform;

/// <summary>How a packet log is read.</summary>
public sealed record PacketLogOptions
{
    /// <summary>The group rules log to unless told otherwise.</summary>
    public const ushort DefaultGroup = 5077;

    /// <summary>Number of the log group; one program at a time can hold it in a namespace.</summary>
    public ushort Group { get; init; } = DefaultGroup;

    /// <summary>Bytes of each packet the kernel copies: enough for IPv6 with an extension header, TCP, and the start of the data.</summary>
    public int CopyBytes { get; init; } = 128;

    /// <summary>Packets the kernel gathers before it hands them over.</summary>
    public int QueueThreshold { get; init; } = 64;

    /// <summary>How long the kernel gathers at most; it counts in hundredths of a second.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Packets that wait for a slow reader; beyond that the oldest are dropped.</summary>
    public int Capacity { get; init; } = 4096;

    /// <summary>Size of the kernel's queue for us.</summary>
    public int ReceiveBufferBytes { get; init; } = 4 << 20;

    /// <summary>Gives the time of packets that carry none.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
