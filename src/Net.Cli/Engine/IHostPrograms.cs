namespace Net.Cli.Engine;

/// <summary>What the engine commands do to this host outside the engine's API. Tests put a fake here.</summary>
internal interface IHostPrograms
{
    /// <summary>Whether this process has all rights.</summary>
    bool IsRoot { get; }

    /// <summary>Whether systemd is the process that starts services here.</summary>
    bool SystemdRuns { get; }

    /// <summary>The folder of this program.</summary>
    string BaseDirectory { get; }

    /// <summary>The path of a program of the system, or null.</summary>
    string? Find(string program);

    /// <summary>Runs a program to its end.</summary>
    Task<ProgramResult> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken);

    /// <summary>Starts a program that keeps running, with this process's own streams.</summary>
    ISupervisedProcess Start(string program, IReadOnlyList<string> arguments);

    /// <summary>Sends a signal, such as <c>HUP</c>.</summary>
    void Signal(string signal, int processId);

    /// <summary>Whether a process exists.</summary>
    bool IsRunning(int processId);

    /// <summary>The supervisor (<c>netmod engine run</c>) that started a process, or null.</summary>
    int? SupervisorOf(int processId);
}
