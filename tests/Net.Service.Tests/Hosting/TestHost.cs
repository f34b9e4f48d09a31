using System.Diagnostics;
using System.Runtime.InteropServices;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>What the tests need of the host they run on.</summary>
internal static class TestHost
{
    /// <summary>The runtime's own host program, whatever started this process.</summary>
    public static string Dotnet { get; } = FindDotnet();

    /// <summary>This assembly, to be started in another mode.</summary>
    public static string Self { get; } = Path.Combine(Programs, Path.GetFileName(typeof(TestHost).Assembly.Location));

    /// <summary>The engine as the build left it beside this assembly.</summary>
    public static string Engine { get; } = Path.Combine(Programs, "netmod-engine.dll");

    public static void RequireRoot() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs root on Linux: runs an engine in network namespaces");

    public static Task<Lab.Lab> PairAsync() => UpAsync(LabTopologies.Pair());

    public static Task<Lab.Lab> UpAsync(LabTopology topology)
    {
        RequireRoot();
        string instance = $"svctests-{Guid.NewGuid():N}"[..20];
        return Lab.Lab.UpAsync(topology, new LabOptions { Instance = instance }, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs a program of the host to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>A copy of the build that any user may read: a clone may lie in root's home.</summary>
    public static string CopyForEverybody(string folder)
    {
        string copy = Path.Combine(folder, "bin");
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.EnumerateFiles(Programs))
        {
            if (Path.GetExtension(file) is ".dll" or ".json" || Path.GetFileName(file) == "netmod-worker")
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }

        return copy;
    }

    /// <summary>Where the programs are that tests start and kill; the test command names the plain build when it runs a copy that counts coverage.</summary>
    private static string Programs =>
        Environment.GetEnvironmentVariable("NETMOD_TEST_PROGRAMS") is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;

    private static string FindDotnet()
    {
        // .../shared/Microsoft.NETCore.App/VERSION/
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Path.Combine(root, "dotnet");
    }
}
