namespace Net.Platform.Linux.Netfilter;

/// <summary>Takes events on the thread of a <see cref="NetlinkEventLoop"/>.</summary>
internal interface INetlinkEventSink
{
    /// <summary>Takes one message. It may throw <see cref="NetlinkException"/> at one that makes no sense, which <see cref="TakeDamaged"/> is then told.</summary>
    /// <param name="message">The message; valid until the call returns.</param>
    void Take(in NetlinkMessage message);

    /// <summary>A message made no sense.</summary>
    void TakeDamaged();

    /// <summary>The kernel's queue was full: messages were lost.</summary>
    void TakeOverrun();

    /// <summary>No more will come.</summary>
    void Complete();
}
