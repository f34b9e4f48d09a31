using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that do one thing to overlays which exist.</summary>
public abstract class OverlaySelectionCmdlet : ChangeCmdlet
{
    private readonly List<Wanted> _wanted = [];

    /// <summary>Names of overlays.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Write the overlays.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is done to each, as the question of -Confirm says it.</summary>
    private protected abstract string ActionText { get; }

    private protected abstract Task<(Overlay[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken);

    /// <inheritdoc />
    protected override void ProcessRecord() => _wanted.AddRange(Name!.Select(name => new Wanted(name)));

    /// <inheritdoc />
    protected override void EndProcessing() => ChangeSelected(OverlayKinds.Overlay, _wanted, ActionText, SendAsync, PassThru);
}
