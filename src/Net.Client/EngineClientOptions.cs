namespace Net.Client;

/// <summary>How to reach an engine.</summary>
public sealed record EngineClientOptions
{
    /// <summary>The environment variable that names the socket.</summary>
    public const string SocketVariable = "NETMOD_HOST_SOCKET";

    /// <summary>Where engines serve unless told otherwise: what the environment says, else the platform's place.</summary>
    public static string DefaultSocketPath => Environment.GetEnvironmentVariable(SocketVariable) is { Length: > 0 } named
        ? named
        : OperatingSystem.IsWindows() ? "netmod" : "/run/netmod/engine.sock";

    /// <summary>The Unix socket, or the name of the pipe on Windows.</summary>
    public string SocketPath { get; init; } = DefaultSocketPath;

    /// <summary>Which program calls, for the engine's log.</summary>
    public string ClientName { get; init; } = "netmod";

    /// <summary>Its version, for the engine's log.</summary>
    public string ClientVersion { get; init; } = typeof(EngineClientOptions).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>How long connecting and saying hello may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
