using Net.Cli.Output;
using Net.Contracts;

namespace Net.Cli.Hosting;

/// <summary>How a failure looks: what happened with its id, and what to do, both on standard error.</summary>
internal static class ErrorText
{
    /// <summary>Writes a failure of the engine.</summary>
    /// <returns>The exit code that belongs to it.</returns>
    public static int Write(ICliConsole console, EngineException failure) =>
        Write(console, failure.Message, failure.ErrorId, failure.RecommendedAction, ErrorCodes.ToExitCode(failure.Code));

    /// <summary>Writes a failure.</summary>
    /// <returns><paramref name="exitCode"/>.</returns>
    public static int Write(ICliConsole console, string message, string errorId, string? action, int exitCode)
    {
        console.Out.Flush();
        console.Error.WriteLine($"netmod: {Text.Printable(message)} ({errorId})");
        if (!string.IsNullOrEmpty(action))
        {
            foreach (string line in action.Split('\n'))
            {
                console.Error.WriteLine($"  {Text.Printable(line.Trim())}");
            }
        }

        return exitCode;
    }
}
