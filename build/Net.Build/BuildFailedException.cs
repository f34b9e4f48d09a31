namespace Net.Build;

/// <summary>A task cannot go on; the message says what to do, without a stack trace.</summary>
internal sealed class BuildFailedException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
