namespace Net.Platform.Linux;

/// <summary>One open stream of a connection.</summary>
internal sealed class QuicStream
{
    /// <summary>What was sent and not acknowledged.</summary>
    public QuicSendBuffer Sent { get; } = new();

    /// <summary>Bytes received for which the application has not yet extended the window.</summary>
    public long Unconsumed { get; set; }
}
