using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets overlays, with what they do now.</summary>
[Cmdlet(VerbsCommon.Get, "Overlay")]
[OutputType(typeof(Overlay))]
public sealed class GetOverlayCommand : NamedItemCmdlet<Overlay>
{
    /// <summary>Names of overlays.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only overlays in these states.</summary>
    [Parameter]
    public OverlayState[]? State { get; set; }

    private protected override ItemKind<Overlay> Kind => OverlayKinds.Overlay;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteNamed(Name, overlay => State is null || (overlay.State is { } state && State.Contains(state)));
}
