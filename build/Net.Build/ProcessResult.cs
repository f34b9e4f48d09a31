namespace Net.Build;

/// <summary>How a program ended.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, bool TimedOut, TimeSpan Elapsed);
