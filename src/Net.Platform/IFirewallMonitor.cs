using System.Threading.Channels;

namespace Net.Platform;

/// <summary>Tells of every change of the kernel's rule sets and who made it.</summary>
public interface IFirewallMonitor : IDisposable
{
    /// <summary>The changes in order. When the reader is too slow, old ones are dropped and an overrun is reported in their place.</summary>
    ChannelReader<FirewallGeneration> Generations { get; }

    /// <summary>
    /// Stops to listen. The kernel announces each object of a transaction to whoever listens, before the transaction is over: that makes one of
    /// 100,000 prefixes half as long again. Whoever pauses asks for the kernel's generation before it and after <see cref="Resume"/>: where it shows that
    /// somebody else made a transaction meanwhile, <see cref="MissedSome"/> has to be called. Without an effect where nothing is announced.
    /// </summary>
    void Pause()
    {
    }

    /// <summary>Listens again. Every transaction that begins after it is announced.</summary>
    void Resume()
    {
    }

    /// <summary>Reports an overrun in the place of what was not heard.</summary>
    void MissedSome()
    {
    }
}
