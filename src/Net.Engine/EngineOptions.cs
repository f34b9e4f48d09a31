namespace Net.Engine;

/// <summary>Where an engine lives on its host. These are host options: desired state never comes from here.</summary>
public sealed record EngineOptions
{
    /// <summary>The Unix socket it serves; a pipe name on Windows.</summary>
    public required string SocketPath { get; init; }

    /// <summary>The folder of generations and secrets. Only the engine may read it.</summary>
    public required string StateFolder { get; init; }

    /// <summary>The folder of policies, <c>policy.d</c> in it.</summary>
    public required string ConfigurationFolder { get; init; }

    /// <summary>The group that may open the socket, if the host knows it.</summary>
    public string SocketGroup { get; init; } = "netmod";

    /// <summary>How many generations are kept.</summary>
    public int KeptGenerations { get; init; } = 50;

    /// <summary>How long running calls get to end when the engine stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The release of the engine, for status and hello.</summary>
    public string Version { get; init; } = typeof(EngineOptions).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>When the process started, for the time it took until it served.</summary>
    public DateTimeOffset ProcessStartedAt { get; init; } = DateTimeOffset.UtcNow;
}
