using System.Runtime.Versioning;
using Net.Engine.Firewall.Runtime;
using Net.Platform;
using Net.Platform.Linux.Netfilter;

namespace Net.Service.Firewall;

/// <summary>Connections, log, traces and routes of a Linux kernel.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxFirewallHost : IFirewallHost, IDisposable
{
    /// <inheritdoc />
    public IConnectionTracker Connections { get; } = new ConnectionTracker();

    /// <inheritdoc />
    public IRouteLookup Routes { get; } = new RouteLookup();

    /// <inheritdoc />
    public IPacketLogReader OpenPacketLog(PacketLogOptions options) => new PacketLogReader(options);

    /// <inheritdoc />
    public IRuleTracer OpenTracer() => new RuleTracer();

    /// <inheritdoc />
    public void Dispose()
    {
        Connections.Dispose();
        Routes.Dispose();
    }
}
