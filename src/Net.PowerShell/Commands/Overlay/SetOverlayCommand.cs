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

    private readonly List<Wanted> _wanted = [];
    private readonly List<OverlayPatch> _parts = [];

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
    protected override void ProcessRecord()
    {
        OverlayPatch parts = Parts(typedOnly: InputObject is not null);
        if (_parts.Count == 0 || _parts[^1] != parts)
        {
            _parts.Add(parts); // One for the whole pipeline, unless parts come in by property name.
        }

        int part = _parts.Count - 1;
        _wanted.AddRange(InputObject is null
            ? Name!.Select(name => new Wanted(name, Part: part))
            : InputObject.Select(overlay => OverlayKinds.Overlay.Exactly(overlay, part)));
    }

    /// <inheritdoc />
    protected override void EndProcessing() => ChangeSelected(
        OverlayKinds.Overlay,
        _wanted,
        "Change overlay",
        (agreed, engine, token) => OverlayChanges.SetAsync(agreed, (overlay, part) => _parts[part].ApplyTo(overlay), Change, engine, token),
        PassThru);
}
