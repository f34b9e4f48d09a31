using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>The base of the completers: candidates from the engine within half a second, or none.</summary>
public abstract class EngineCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        foreach (Candidate candidate in CompletionText.Matching(wordToComplete, CompletionQuery.Ask((engine, token) => AskAsync(engine, commandName, fakeBoundParameters, token), EngineSessions.Current, TimeProvider.System)))
        {
            yield return new CompletionResult(
                CompletionText.Quote(candidate.Text),
                candidate.Text,
                CompletionResultType.ParameterValue,
                string.IsNullOrEmpty(candidate.ToolTip) ? candidate.Text : candidate.ToolTip);
        }
    }

    /// <summary>Gets everything the parameter of a command could be, given what is typed already of the other parameters.</summary>
    internal virtual Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, string command, IDictionary bound, CancellationToken cancellationToken) =>
        AskAsync(engine, bound, cancellationToken);

    /// <summary>Gets everything the parameter could be, given what is typed already of the other parameters.</summary>
    internal virtual Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, IDictionary bound, CancellationToken cancellationToken) =>
        AskAsync(engine, cancellationToken);

    /// <summary>Gets everything the parameter could be.</summary>
    private protected abstract Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken);
}
