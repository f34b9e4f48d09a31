using System.Globalization;

namespace Net.Platform.Linux;

/// <summary>How a process ended (wait(2)): one of the two is set, or none where the kernel reaped it before we could ask.</summary>
/// <param name="ExitCode">Its exit code; null when a signal ended it.</param>
/// <param name="Signal">The signal that ended it; null when it exited.</param>
public sealed record ProcessEnd(int? ExitCode, int? Signal)
{
    /// <summary>Whether it exited with 0.</summary>
    public bool IsSuccess => ExitCode == 0;

    /// <summary>Says it in words: "exited with 3", "killed by signal 6 (SIGABRT)".</summary>
    /// <returns>The words.</returns>
    public override string ToString() => Signal is int signal
        ? string.Create(CultureInfo.InvariantCulture, $"killed by signal {signal}{NameOf(signal)}")
        : ExitCode is int code ? string.Create(CultureInfo.InvariantCulture, $"exited with {code}") : "ended in an unknown way";

    /// <summary>Reads a status as waitpid(2) gives it: the low seven bits are the signal, the second byte is the exit code.</summary>
    /// <param name="status">The status.</param>
    /// <returns>What it means.</returns>
    internal static ProcessEnd FromStatus(int status) => (status & 0x7f) is int signal and not 0 ? new ProcessEnd(null, signal) : new ProcessEnd((status >> 8) & 0xff, null);

    // Numbers of x86 and ARM (asm-generic/signal.h).
    private static string NameOf(int signal) => signal switch
    {
        1 => " (SIGHUP)",
        2 => " (SIGINT)",
        3 => " (SIGQUIT)",
        4 => " (SIGILL)",
        6 => " (SIGABRT)",
        7 => " (SIGBUS)",
        8 => " (SIGFPE)",
        9 => " (SIGKILL)",
        11 => " (SIGSEGV)",
        13 => " (SIGPIPE)",
        15 => " (SIGTERM)",
        24 => " (SIGXCPU)",
        31 => " (SIGSYS)",
        _ => "",
    };
}
