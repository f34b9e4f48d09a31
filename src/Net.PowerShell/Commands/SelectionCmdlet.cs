using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that do one thing to things which exist: all that one pipeline names are changed in one transaction.
/// The parameters that name them are declared below it, for a completer and the type of whole objects must be constants.</summary>
/// <typeparam name="T">The record of one thing.</typeparam>
public abstract class SelectionCmdlet<T> : ChangeCmdlet
    where T : class
{
    private readonly List<Wanted> _wanted = [];

    /// <summary>Write the things.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected abstract ItemKind<T> Kind { get; }

    /// <summary>What is done to each, as the question of -Confirm says it.</summary>
    private protected abstract string ActionText { get; }

    private protected abstract Task<(T[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken);

    /// <inheritdoc />
    protected override void EndProcessing() => ChangeSelected(Kind, _wanted, ActionText, SendAsync, PassThru);

    /// <summary>Takes in what the pipeline brought: whole objects, or names without any.</summary>
    private protected void Want(string[]? names, T[]? items) => _wanted.AddRange(items is null
        ? names!.Select(name => new Wanted(name))
        : items.Select(item => Kind.Exactly(item)));
}
