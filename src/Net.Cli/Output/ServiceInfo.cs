namespace Net.Cli.Output;

/// <summary>What is known of the engine's process and of who starts it.</summary>
internal sealed record ServiceInfo
{
    /// <summary><c>systemd</c>, <c>supervisor</c> (netmod engine run), <c>none</c>.</summary>
    public required string Manager { get; init; }

    /// <summary><c>running</c>, <c>stopped</c>, or what systemd says, such as <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Whether the unit file is installed.</summary>
    public bool Installed { get; init; }

    /// <summary>The engine's process, when it answers.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The supervisor's process, when there is one.</summary>
    public int? SupervisorProcessId { get; init; }

    /// <summary>The engine's release, when it answers.</summary>
    public string? Version { get; init; }

    /// <summary>The socket it serves, when it answers.</summary>
    public string? Socket { get; init; }

    /// <summary>Capabilities it holds, when it answers.</summary>
    public string[]? Capabilities { get; init; }

    /// <summary>Whether no program it starts can gain any privilege, when it answers.</summary>
    public bool? NoNewPrivileges { get; init; }
}
