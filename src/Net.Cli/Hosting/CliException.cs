namespace Net.Cli.Hosting;

/// <summary>A command cannot go on for a reason outside the engine's catalogue, such as a file that cannot be read.</summary>
internal sealed class CliException(int exitCode, string errorId, string message, string? action = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The stable id of the condition.</summary>
    public string ErrorId { get; } = errorId;

    /// <summary>What the user can do about it, or null.</summary>
    public string? RecommendedAction { get; } = action;
}
