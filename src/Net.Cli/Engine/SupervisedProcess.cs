using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Net.Cli.Engine;

/// <summary>A real child process that shares this process's streams.</summary>
internal sealed class SupervisedProcess : ISupervisedProcess
{
    private readonly Process _process;

    private SupervisedProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        Exited = WaitAsync();
    }

    /// <inheritdoc />
    public int Id { get; }

    /// <inheritdoc />
    public Task<int> Exited { get; }

    /// <summary>Starts a program from a thread that lives as long as this process.</summary>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static SupervisedProcess Start(string program, IReadOnlyList<string> arguments)
    {
        // PR_SET_PDEATHSIG fires when the *thread* that started the child ends (prctl(2)), and pool threads come and go.
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var keeper = new Thread(() =>
        {
            try
            {
                var start = new ProcessStartInfo(program, arguments);

                // Nobody shall attach a debugger or profiler to a process with capabilities, and the listener for it costs memory.
                start.Environment["DOTNET_EnableDiagnostics"] = "0";

                // A heap for each of its few threads would only hold memory back (mallopt(3)).
                start.Environment["MALLOC_ARENA_MAX"] = "1";
                Process process = Process.Start(start)!;
                started.SetResult(process);
                process.WaitForExit();
            }
            catch (Win32Exception failure)
            {
                started.TrySetException(failure);
            }
        })
        {
            IsBackground = true,
            Name = "engine keeper",
        };
        keeper.Start();
        return new SupervisedProcess(started.Task.GetAwaiter().GetResult());
    }

    /// <inheritdoc />
    public void Terminate() => Signals.Send("TERM", Id);

    /// <inheritdoc />
    public void Kill() => _process.Kill();

    /// <inheritdoc />
    public void Dispose()
    {
        // The keeper thread still waits on the handle until the process is gone.
        if (Exited.IsCompleted)
        {
            _process.Dispose();
        }
    }

    /// <inheritdoc />
    public override string ToString() => Id.ToString(CultureInfo.InvariantCulture);

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }
}
