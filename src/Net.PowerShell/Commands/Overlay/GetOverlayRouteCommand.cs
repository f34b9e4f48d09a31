using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets the routes of overlays, with owner, source and the reason why each is, or is not, used.</summary>
[Cmdlet(VerbsCommon.Get, "OverlayRoute")]
[OutputType(typeof(OverlayRoute))]
public sealed class GetOverlayRouteCommand : EngineCmdlet
{
    /// <summary>The overlay.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    [NameText]
    public string[] Overlay { get; set; } = ["*"];

    /// <summary>Only routes to these peers.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    public string[]? Peer { get; set; }

    /// <summary>Only routes of these owners.</summary>
    [Parameter]
    public OverlayRouteOwner[]? Owner { get; set; }

    /// <summary>Only routes that packets take.</summary>
    [Parameter]
    public SwitchParameter SelectedOnly { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string overlay in Overlay)
        {
            if (TryCall(EngineApi.OverlayListRoutes, new ListOverlayRoutes(OverlayKinds.Everywhere(overlay)), overlay, out OverlayRoute[] routes))
            {
                WriteObject(routes.Where(IsWanted), enumerateCollection: true);
            }
        }
    }

    private bool IsWanted(OverlayRoute route) =>
        (Peer is null || Peer.Contains(route.Peer, StringComparer.OrdinalIgnoreCase))
        && (Owner is null || (route.Owner is { } owner && Owner.Contains(owner)))
        && (!SelectedOnly || route.IsSelected == true);
}
