using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that do one thing to overlays which exist.</summary>
public abstract class OverlaySelectionCmdlet : SelectionCmdlet<Overlay>
{
    /// <summary>Names of overlays.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    private protected override ItemKind<Overlay> Kind => OverlayKinds.Overlay;

    /// <inheritdoc />
    protected override void ProcessRecord() => Want(Name, null);
}
