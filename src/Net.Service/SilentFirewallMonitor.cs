using System.Threading.Channels;
using Net.Platform;

namespace Net.Service;

/// <summary>Stands in where the kernel does not let this process follow rule sets: it tells of nothing, and the slow comparison has to do.</summary>
internal sealed class SilentFirewallMonitor : IFirewallMonitor
{
    private readonly Channel<FirewallGeneration> _nothing = Channel.CreateBounded<FirewallGeneration>(1);

    /// <inheritdoc />
    public ChannelReader<FirewallGeneration> Generations => _nothing.Reader;

    /// <inheritdoc />
    public void Dispose() => _nothing.Writer.TryComplete();
}
