using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Adds overlays to the configuration. All overlays of one pipeline are added in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "Overlay", SupportsShouldProcess = true)]
[OutputType(typeof(Overlay))]
public sealed class NewOverlayCommand : OverlayPartsCmdlet
{
    private readonly List<Overlay> _overlays = [];

    /// <summary>The name of the overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Add the overlay without letting it run.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    /// <summary>Overlays from the pipeline.</summary>
    [Parameter(ValueFromPipeline = true)]
    [WholeObject<Overlay>]
    public Overlay[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        OverlayPatch parts = Parts(typedOnly: false) with { Enabled = MyInvocation.BoundParameters.ContainsKey(nameof(Disabled)) ? !Disabled : null };
        foreach (Overlay overlay in InputObject is null ? [new Overlay { Name = Name! }] : InputObject.Select(one => one with { Name = Name! }))
        {
            if (Agree(overlay.Name, "Add overlay"))
            {
                _overlays.Add(parts.ApplyTo(overlay));
            }
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (_overlays.Count == 0)
        {
            return;
        }

        Transact(
            async (engine, token) =>
            {
                OverlaysChanged changed = await engine.CallAsync(EngineApi.OverlayCreate, new CreateOverlays([.. _overlays], Change), token);
                return (changed.Overlays, changed.Outcome);
            },
            _overlays.Count == 1 ? _overlays[0].Name : _overlays.Select(overlay => overlay.Name).ToArray(),
            passThru: true);
    }
}
