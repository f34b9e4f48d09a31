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

    /// <summary>Kills them and returns their command lines.</summary>
    public static IReadOnlyList<string> Kill(string mark)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        byte[] wanted = Encoding.UTF8.GetBytes($"{Variable}={mark}\0");
        List<string> killed = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int id) || id == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                if (File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(wanted) < 0)
                {
                    continue;
                }

                string command = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ').Trim();
                using Process process = Process.GetProcessById(id);
                process.Kill();
                killed.Add(command);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It ended by itself, or belongs to another user and so is not ours.
                continue;
            }
        }

        return killed;
    }
}
