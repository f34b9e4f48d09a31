namespace Net.Cli.Engine;

/// <summary>Finds the engine's program.</summary>
internal static class EngineLocator
{
    /// <summary>The name of the program.</summary>
    public const string ProgramName = "netmod-engine";

    /// <summary>Where it may be, best first: beside this program, installed beside it, in the build's output, in the system.</summary>
    public static IEnumerable<string> Candidates(string baseDirectory)
    {
        string folder = Path.TrimEndingDirectorySeparator(baseDirectory);
        yield return Path.Combine(folder, ProgramName);
        yield return Path.Combine(Path.GetDirectoryName(folder) ?? "/", InstallLayout.EngineFolder, ProgramName);

        // artifacts/bin/Net.Cli/debug and artifacts/publish/Net.Cli/release have the engine's project beside ours.
        string[] parts = folder.Split(Path.DirectorySeparatorChar);
        int project = Array.LastIndexOf(parts, "Net.Cli");
        if (project > 0)
        {
            parts[project] = "Net.Service";
            yield return Path.Combine(string.Join(Path.DirectorySeparatorChar, parts), ProgramName);
        }

        yield return Path.Combine("/", InstallLayout.LibraryFolder, InstallLayout.EngineFolder, ProgramName);
    }

    /// <summary>The first that exists, or null.</summary>
    public static string? Find(string baseDirectory, Func<string, bool> exists) => Candidates(baseDirectory).FirstOrDefault(exists);
}
