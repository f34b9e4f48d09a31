using System.Threading.Channels;

namespace Net.Platform;

/// <summary>Follows tracked connections. Disposing it ends the channel; it may be disposed from any thread.</summary>
public interface IConnectionWatcher : IDisposable
{
    /// <summary>The events in order. When the reader is too slow, what is queued is dropped and one overrun stands in its place.</summary>
    ChannelReader<ConnectionEvent> Events { get; }

    /// <summary>Events lost so far, by a slow reader or because the kernel's queue was full (each overflow of that counts as one: the kernel does not say how many).</summary>
    long Lost { get; }

    /// <summary>Messages of the kernel that made no sense and were skipped.</summary>
    long Damaged { get; }
}
