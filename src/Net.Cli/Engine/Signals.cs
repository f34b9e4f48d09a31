using System.Diagnostics;
using System.Globalization;

namespace Net.Cli.Engine;

/// <summary>Signals to processes. .NET sends none but SIGKILL; the shell's builtin does, and every Debian has a shell.</summary>
internal static class Signals
{
    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    public static void Send(string signal, int processId)
    {
        string[] arguments = ["-c", "kill -s \"$1\" \"$2\" 2>/dev/null", "sh", signal, processId.ToString(CultureInfo.InvariantCulture)];
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", arguments))!;
        shell.WaitForExit();
    }
}
