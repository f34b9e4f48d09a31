using Net.Cli.Engine;

namespace Net.Cli.Tests.Support;

/// <summary>A host on which programs only seem to run.</summary>
internal sealed class FakeHost : IHostPrograms
{
    public bool IsRoot { get; set; } = true;

    public bool SystemdRuns { get; set; }

    public string BaseDirectory { get; set; } = AppContext.BaseDirectory;

    public int? Supervisor { get; set; }

    public bool Running { get; set; }

    public List<string> Runs { get; } = [];

    public Dictionary<string, ProgramResult> Results { get; } = new(StringComparer.Ordinal);

    public Func<string, IReadOnlyList<string>, ISupervisedProcess> Starter { get; set; } = (_, _) => throw new InvalidOperationException("nothing to start");

    public string? Find(string program) => $"/usr/bin/{program}";

    public Task<ProgramResult> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string line = $"{program} {string.Join(' ', arguments)}";
        Runs.Add(line);
        return Task.FromResult(Results.GetValueOrDefault(line, new ProgramResult(program == "getent" ? 2 : 0, string.Empty, string.Empty)));
    }

    public ISupervisedProcess Start(string program, IReadOnlyList<string> arguments) => Starter(program, arguments);

    public void Signal(string signal, int processId) => Runs.Add($"signal {signal} {processId}");

    public bool IsRunning(int processId) => Running;

    public int? SupervisorOf(int processId) => Supervisor;
}
