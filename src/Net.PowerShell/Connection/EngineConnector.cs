using Net.Contracts;

namespace Net.PowerShell.Connection;

/// <summary>Opens connections to engines.</summary>
internal static class EngineConnector
{
    /// <summary>The engine of this machine.</summary>
    public static EngineTarget DefaultTarget() => new(
        Environment.GetEnvironmentVariable("NETMOD_HOST_SOCKET") ?? "/run/netmod/engine.sock", EngineTarget.DefaultTimeout);

    /// <summary>Connects and says hello.</summary>
    public static Task<IEngineConnection> ConnectAsync(EngineTarget target, CancellationToken cancellationToken) =>
        throw new EngineException(ErrorCatalogue.EngineNotReachable, $"No engine answers at {target.SocketPath}.", target.SocketPath);
}
