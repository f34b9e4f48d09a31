namespace Net.Maml;

/// <summary>The pages and the cmdlets do not fit together.</summary>
/// <param name="problems">What is wrong, one sentence each.</param>
internal sealed class HelpException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>What is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
