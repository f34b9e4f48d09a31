using System.Diagnostics;
using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Core;

/// <summary>How long a person waits for the command line, and for the module where PowerShell is there.</summary>
internal sealed class CommandBenchmark : IBenchmark
{
    private const string Cli = "CLI cold start (netmod version)";
    private const string Module = "module import in pwsh";
    private const int Runs = 10;

    private static readonly string? Pwsh = Environment.GetEnvironmentVariable("PATH")?.Split(':').Select(folder => Path.Combine(folder, "pwsh")).FirstOrDefault(File.Exists);

    public IReadOnlyList<BenchmarkCase> Cases { get; } = Pwsh is null
        ? [CliCase]
        : [CliCase, new(Areas.Core, Module, "ms", Better.Lower) { Target = BenchmarkTarget.Value(300) }];

    private static BenchmarkCase CliCase => new(Areas.Core, Cli, "ms", Better.Lower) { Target = BenchmarkTarget.Value(80) };

    public Task PrepareAsync(CancellationToken cancellationToken) => MeasureAsync(cancellationToken);

    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        var measured = new Dictionary<string, double> { [Cli] = await MedianAsync(() => TimeAsync(BenchedEngine.CliProgram, ["version"], cancellationToken)) };
        if (Pwsh is not null)
        {
            string manifest = Directory.EnumerateFiles(ModuleFolder(), "Net.Module.psd1", SearchOption.AllDirectories).First();

            // Only the import counts, not the start of pwsh itself.
            string command = $"$w = [Diagnostics.Stopwatch]::StartNew(); Import-Module '{manifest}'; [Console]::Out.Write($w.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture))";
            measured[Module] = await MedianAsync(async () => double.Parse(await RunAsync(Pwsh, ["-NoProfile", "-NonInteractive", "-Command", command], cancellationToken), System.Globalization.CultureInfo.InvariantCulture));
        }

        return measured;
    }

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("there is no peer for these");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string ModuleFolder()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(Path.Combine(folder, "module", "Net.Module")))
            {
                return Path.Combine(folder, "module", "Net.Module");
            }
        }

        throw new DirectoryNotFoundException("The module is not laid out; ./build.sh bench does it.");
    }

    private static async Task<double> MedianAsync(Func<Task<double>> measure)
    {
        List<double> values = [];
        for (int run = 0; run < Runs; run++)
        {
            values.Add(await measure());
        }

        values.Sort();
        return values[values.Count / 2];
    }

    private static async Task<double> TimeAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        await RunAsync(program, arguments, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}
