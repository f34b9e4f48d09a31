namespace Net.Platform.Linux;

/// <summary>What a receive brought.</summary>
public enum NetlinkReceiveStatus
{
    /// <summary>A datagram with messages.</summary>
    Data,

    /// <summary>Nothing is waiting.</summary>
    Empty,

    /// <summary>The kernel dropped messages because the buffer was full (ENOBUFS), or one did not fit: read everything anew.</summary>
    Overrun,
}
