using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Net.Build;

/// <summary>Where things are, what was asked for, and the one way to tell about progress.</summary>
internal sealed class BuildContext
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private BuildContext(string root, ArgumentList arguments)
    {
        Root = root;
        Arguments = arguments;
    }

    public string Root { get; }

    public ArgumentList Arguments { get; }

    public string Artifacts => Path.Combine(Root, "artifacts");

    public string Solution => Path.Combine(Root, "Net.Module.sln");

    public static BuildContext Create(IEnumerable<string> arguments) => new(FindRoot(), new ArgumentList(arguments));

    /// <summary>One line per step, with the seconds since the start, so that a slow step shows by itself.</summary>
    public void Step(string text) => Console.WriteLine($"[{_clock.Elapsed.TotalSeconds,5:0.0}s] {text}");

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Runs dotnet and fails the task with its output when it fails.</summary>
    public async Task DotnetAsync(string what, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        Step(what);
        ProcessResult result = await ProcessRunner.RunAsync(
            new ProcessRequest("dotnet", arguments) { WorkingDirectory = Root, Timeout = TimeSpan.FromMinutes(15) }, cancellationToken);
        if (result.ExitCode != 0)
        {
            Console.Error.WriteLine(result.Output.TrimEnd());
            throw new BuildFailedException($"{what} failed (exit code {result.ExitCode}).");
        }
    }

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        // From the working directory first: the tool may have been built in another checkout.
        foreach (string start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory, Path.GetDirectoryName(thisFile) ?? "." })
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Net.Module.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new BuildFailedException("Net.Module.sln was not found: run this inside a checkout.");
    }
}
