using System.Diagnostics;
using System.Globalization;

namespace Net.Cli.Engine;

/// <summary>Programs and processes of this host.</summary>
internal sealed class HostPrograms : IHostPrograms
{
    private static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <inheritdoc />
    public bool IsRoot => Environment.IsPrivilegedProcess;

    /// <inheritdoc />
    public bool SystemdRuns => Directory.Exists("/run/systemd/system");

    /// <inheritdoc />
    public string BaseDirectory => AppContext.BaseDirectory;

    /// <inheritdoc />
    public string? Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <inheritdoc />
    public async Task<ProgramResult> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Find(program) ?? program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return new ProgramResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <inheritdoc />
    public ISupervisedProcess Start(string program, IReadOnlyList<string> arguments) => SupervisedProcess.Start(program, arguments);

    /// <inheritdoc />
    public void Signal(string signal, int processId) => Signals.Send(signal, processId);

    /// <inheritdoc />
    public bool IsRunning(int processId) => Directory.Exists($"/proc/{processId}");

    /// <inheritdoc />
    public int? SupervisorOf(int processId)
    {
        try
        {
            // proc_pid_stat(5): the name stands in parentheses and may hold spaces; state and parent follow the last one.
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            int parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
            string[] command = File.ReadAllText($"/proc/{parent}/cmdline").Split('\0');
            int engine = Array.IndexOf(command, "engine");
            return engine >= 0 && Array.IndexOf(command, "run", engine) > engine ? parent : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
