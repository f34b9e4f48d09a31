namespace Net.Cli.Output;

/// <summary>What an installation created, or a removal took away.</summary>
/// <param name="Steps">One line each, in order.</param>
/// <param name="Kept">What is left on purpose, such as the state without <c>--purge</c>.</param>
internal sealed record InstallReport(string[] Steps, string[] Kept);
