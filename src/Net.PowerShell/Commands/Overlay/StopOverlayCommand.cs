using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Keeps overlays, but lets them not run.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Overlay", SupportsShouldProcess = true)]
[OutputType(typeof(Overlay))]
public sealed class StopOverlayCommand : OverlaySelectionCmdlet
{
    private static readonly OverlayPatch Parts = new() { Enabled = false };

    private protected override string ActionText => "Stop overlay";

    private protected override Task<(Overlay[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken) =>
        OverlayChanges.SetAsync(agreed, (overlay, _) => Parts.ApplyTo(overlay), Change, engine, cancellationToken);
}
