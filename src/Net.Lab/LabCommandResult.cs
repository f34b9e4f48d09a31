namespace Net.Lab;

/// <summary>What a command in a node left.</summary>
/// <param name="ExitCode">The exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record LabCommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Whether the exit code is zero.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>Returns this result, or throws with what the command wrote if it failed.</summary>
    /// <exception cref="LabException">The exit code is not zero.</exception>
    public LabCommandResult EnsureSucceeded()
    {
        if (Succeeded)
        {
            return this;
        }

        string said = Error.Length > 0 ? Error : Output;
        throw new LabException($"The command ended with exit code {ExitCode}: {said.Trim()}");
    }
}
