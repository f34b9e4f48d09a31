using Net.Engine.Access;
using Net.Engine.Firewall.Lists;
using Net.Engine.Firewall.Runtime;
using Net.Engine.Overlay.Runtime;
using Net.Engine.Relay.Host;
using Net.Engine.Rpc;
using Net.Engine.State;
using Net.Platform;

namespace Net.Engine;

/// <summary>Everything an engine needs of its host. Tests put their own in place of single ones.</summary>
internal sealed record EngineSeams
{
    /// <summary>Puts rule sets into the kernel.</summary>
    public required IFirewallDatapath FirewallDatapath { get; init; }

    /// <summary>Reads rule sets back.</summary>
    public required IFirewallReader FirewallReader { get; init; }

    /// <summary>Tells of changes of rule sets.</summary>
    public required IFirewallMonitor FirewallMonitor { get; init; }

    /// <summary>Reads the kernel's network.</summary>
    public required INetworkState NetworkState { get; init; }

    /// <summary>Changes the kernel's network.</summary>
    public required INetworkEditor NetworkEditor { get; init; }

    /// <summary>Follows the kernel's network.</summary>
    public required INetworkMonitor NetworkMonitor { get; init; }

    /// <summary>Asks drivers about links.</summary>
    public required ILinkFactsReader LinkFacts { get; init; }

    /// <summary>Sends probes.</summary>
    public required IEchoProber Prober { get; init; }

    /// <summary>Names of users and groups.</summary>
    public required IAccountNames Accounts { get; init; }

    /// <summary>Who calls.</summary>
    public required IPeerIdentifier PeerIdentifier { get; init; }

    /// <summary>What this process may do.</summary>
    public required IPrivilegeReader Privileges { get; init; }

    /// <summary>Log levels that change at run time.</summary>
    public required ILogLevels LogLevels { get; init; }

    /// <summary>Gives a path to the engine's group; answers why it could not, or null.</summary>
    public required Func<string, string?> SetGroup { get; init; }

    /// <summary>TUN devices, sockets and workers of overlays.</summary>
    public required IOverlayHost OverlayHost { get; init; }

    /// <summary>Rings, sockets, workers and kernel programs of the relay.</summary>
    public required IRelayHost RelayHost { get; init; }

    /// <summary>Connections, log, traces and route look-ups of the firewall; null where the host has none of it.</summary>
    public IFirewallHost? FirewallHost { get; init; }

    /// <summary>TCP connections of this host; null keeps none over the first change that blocks inbound packets by default.</summary>
    public ISocketSessions? SocketSessions { get; init; }

    /// <summary>Finds control groups that rules name; null finds none, and leaves such rules out.</summary>
    public ICgroupFinder? Cgroups { get; init; }

    /// <summary>Resolves host names of address lists.</summary>
    public IHostNames HostNames { get; init; } = new SystemHostNames();

    /// <summary>The user id the engine runs as.</summary>
    public required uint UserId { get; init; }

    /// <summary>Hears of the steps of a transaction; null in service.</summary>
    public ITransactionSteps? Steps { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
