using System.Threading.Channels;

namespace Net.Platform;

/// <summary>Tells of every change of the kernel's rule sets and who made it.</summary>
public interface IFirewallMonitor : IDisposable
{
    /// <summary>The changes in order. When the reader is too slow, old ones are dropped and an overrun is reported in their place.</summary>
    ChannelReader<FirewallGeneration> Generations { get; }
}
