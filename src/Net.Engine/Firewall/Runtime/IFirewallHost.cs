using Net.Platform;

namespace Net.Engine.Firewall.Runtime;

/// <summary>What the running firewall needs of the kernel besides its rules.</summary>
internal interface IFirewallHost
{
    /// <summary>The connections the kernel tracks. It is the host's and is not disposed here.</summary>
    IConnectionTracker Connections { get; }

    /// <summary>Which way flows take. It is the host's and is not disposed here.</summary>
    IRouteLookup Routes { get; }

    /// <summary>Takes hold of a log group.</summary>
    /// <param name="options">Which, and how it is read.</param>
    /// <returns>The log; whoever opened it disposes it.</returns>
    /// <exception cref="Exception">The kernel refused; its message says why. Another program may hold the group.</exception>
    IPacketLogReader OpenPacketLog(PacketLogOptions options);

    /// <summary>Begins to listen to traces of packets.</summary>
    /// <returns>The tracer; whoever opened it disposes it.</returns>
    /// <exception cref="Exception">The kernel refused; its message says why.</exception>
    IRuleTracer OpenTracer();
}
