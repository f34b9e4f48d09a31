using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Removes overlays with their peers, routes and policy. Identities and networks stay.</summary>
[Cmdlet(VerbsCommon.Remove, "Overlay", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Overlay))]
public sealed class RemoveOverlayCommand : OverlaySelectionCmdlet
{
    private protected override string ActionText => "Remove overlay with its peers, routes and policy";

    private protected override Task<(Overlay[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken) =>
        OverlayChanges.RemoveAsync(agreed, Change, engine, cancellationToken);
}
