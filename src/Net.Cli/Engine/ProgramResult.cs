namespace Net.Cli.Engine;

/// <summary>What a program left.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>Whether it ended well.</summary>
    public bool Succeeded => ExitCode == 0;
}
