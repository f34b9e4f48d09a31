using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Changes overlays. What is not given stays as it is in the engine, whatever a piped overlay says.</summary>
[Cmdlet(VerbsCommon.Set, "Overlay", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(Overlay))]
public sealed class SetOverlayCommand : OverlayPartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    private readonly Patches<Overlay, OverlayPatch> _patches = new(OverlayKinds.Overlay, (parts, item) => parts.ApplyTo(item));

    /// <summary>Names of overlays.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Overlays from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [WholeObject<Overlay>]
    public Overlay[]? InputObject { get; set; }

    /// <summary>Write the changed overlays.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => _patches.Add(Parts(typedOnly: InputObject is not null), Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => ChangeSelected(
        OverlayKinds.Overlay,
        _patches.Wanted,
        "Change overlay",
        (agreed, engine, token) => OverlayChanges.SetAsync(agreed, _patches.Apply, Change, engine, token),
        PassThru);
}
