using System.Diagnostics;
using System.Text;

namespace Net.Build.Testing;

/// <summary>
/// Finds what a test project left running: everything it starts inherits a variable only this run knows, also after its
/// parent is gone and it belongs to init.
/// </summary>
internal static class StrayProcesses
{
    public const string Variable = "NETMOD_TEST_RUN";

    // What was told to stop may still be on its way out.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Waits a moment for them to end, kills the rest and returns the command lines of those.</summary>
    public static async Task<IReadOnlyList<string>> KillAsync(string mark, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        Stopwatch clock = Stopwatch.StartNew();
        List<(int Id, string Command)> found = Find(mark);
        while (found.Count > 0 && clock.Elapsed < Grace)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            found = Find(mark);
        }

        foreach ((int id, _) in found)
        {
            try
            {
                using Process process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception gone) when (IsGone(gone))
            {
                continue;
            }
        }

        return [.. found.Select(process => process.Command)];
    }

    private static List<(int Id, string Command)> Find(string mark)
    {
        byte[] wanted = Encoding.UTF8.GetBytes($"{Variable}={mark}\0");
        List<(int Id, string Command)> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int id) || id == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                if (File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(wanted) >= 0)
                {
                    found.Add((id, File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ').Trim()));
                }
            }
            catch (Exception gone) when (IsGone(gone))
            {
                // It ended by itself, or belongs to another user and so is not ours.
                continue;
            }
        }

        return found;
    }

    private static bool IsGone(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception;
}
