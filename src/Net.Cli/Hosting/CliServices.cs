using Net.Cli.Engine;
using Net.Cli.Labs;
using Net.Cli.Measuring;

namespace Net.Cli.Hosting;

/// <summary>What the commands use of the world. Tests replace single parts.</summary>
internal sealed class CliServices
{
    /// <summary>The standard streams.</summary>
    public required ICliConsole Console { get; init; }

    /// <summary>Opens a connection to the engine at a socket, null for the default one.</summary>
    public required Func<string?, CancellationToken, Task<IEngineConnection>> ConnectAsync { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where times are shown.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Makes what runs programs on this host; made when first needed.</summary>
    public Func<IHostPrograms> Programs { get; init; } = static () => new HostPrograms();

    /// <summary>Makes what builds labs; made when first needed.</summary>
    public Func<ILabHost> Labs { get; init; } = static () => new LabHost();

    /// <summary>Makes what sends and receives traffic; made when first needed.</summary>
    public Func<ITrafficHost> Traffic { get; init; } = static () => new TrafficHost();
}
