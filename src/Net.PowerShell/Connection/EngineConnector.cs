using Net.Client;

namespace Net.PowerShell.Connection;

/// <summary>Opens connections to engines.</summary>
internal static class EngineConnector
{
    private const string ClientName = "Net.Module";

    /// <summary>The engine of this machine.</summary>
    public static EngineTarget DefaultTarget() => new(EngineClientOptions.DefaultSocketPath, EngineTarget.DefaultTimeout);

    /// <summary>Connects and says hello.</summary>
    public static async Task<IEngineConnection> ConnectAsync(EngineTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var options = new EngineClientOptions { SocketPath = target.SocketPath, ConnectTimeout = target.Timeout, ClientName = ClientName };
        return new ClientConnection(await EngineClient.ConnectAsync(options, cancellationToken).ConfigureAwait(false));
    }
}
