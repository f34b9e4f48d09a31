using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Lets overlays run.</summary>
[Cmdlet(VerbsLifecycle.Start, "Overlay", SupportsShouldProcess = true)]
[OutputType(typeof(Overlay))]
public sealed class StartOverlayCommand : OverlaySelectionCmdlet
{
    private static readonly OverlayPatch Parts = new() { Enabled = true };

    private protected override string ActionText => "Start overlay";

    private protected override Task<(Overlay[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken) =>
        OverlayChanges.SetAsync(agreed, (overlay, _) => Parts.ApplyTo(overlay), Change, engine, cancellationToken);
}
