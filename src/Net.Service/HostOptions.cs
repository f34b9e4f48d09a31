using Net.Contracts;
using Net.Engine;

namespace Net.Service;

/// <summary>Where and how this host runs its engine. Read from the file, the environment and the command line, the later winning, and a policy over all.</summary>
internal sealed record HostOptions
{
    /// <summary>The Unix socket.</summary>
    public string Socket { get; init; } = "/run/netmod/engine.sock";

    /// <summary>The state folder.</summary>
    public string State { get; init; } = "/var/lib/netmod";

    /// <summary>The configuration folder.</summary>
    public string Configuration { get; init; } = "/etc/netmod";

    /// <summary>The program of workers; null for the one beside the engine.</summary>
    public string? Worker { get; init; }

    /// <summary>The BPF file system in which the relay's programs are kept while the engine restarts; null for /run/netmod-bpf, where it is mounted, else /sys/fs/bpf.</summary>
    public string? Bpf { get; init; }

    /// <summary>How log lines look.</summary>
    public LogFormat LogFormat { get; init; } = DefaultFormat;

    /// <summary>How much is logged where no area says otherwise.</summary>
    public EngineLogLevel LogLevel { get; init; } = EngineLogLevel.Information;

    // systemd sets JOURNAL_STREAM for services whose output goes to the journal (systemd.exec(5)).
    private static LogFormat DefaultFormat =>
        Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 } ? LogFormat.Systemd : LogFormat.Console;

    /// <summary>What the engine needs of them.</summary>
    public EngineOptions ToEngineOptions(DateTimeOffset startedAt) => new()
    {
        SocketPath = Path.GetFullPath(Socket),
        StateFolder = Path.GetFullPath(State),
        ConfigurationFolder = Path.GetFullPath(Configuration),
        ProcessStartedAt = startedAt,
    };
}
