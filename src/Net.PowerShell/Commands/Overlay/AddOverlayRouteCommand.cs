using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Adds routes to overlays: a prefix behind a peer, or one behind this node that is advertised. All routes of one pipeline are added in one transaction.</summary>
[Cmdlet(VerbsCommon.Add, "OverlayRoute", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayRoute))]
public sealed class AddOverlayRouteCommand : ChangeCmdlet
{
    private readonly List<OverlayRoute> _routes = [];

    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>The prefix.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("DestinationPrefix")]
    [ValidateNotNull]
    public AddressRange? Prefix { get; set; }

    /// <summary>The peer it leads to.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    [AllowEmptyString]
    public string? Peer { get; set; }

    /// <summary>Of several gateways of one prefix the lowest that is up is used.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? Preference { get; set; }

    /// <summary>Give packets this gateway's own address on the way out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Masquerade { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var route = new OverlayRoute { Overlay = Overlay, Prefix = Prefix!, Peer = string.IsNullOrEmpty(Peer) ? null : Peer, Masquerade = Masquerade };
        route = Preference is { } preference ? route with { Preference = preference } : route;
        if (Agree($"{route.Prefix}", $"Add route of overlay {Overlay} {(route.Peer is null ? "and advertise it" : $"to {route.Peer}")}"))
        {
            _routes.Add(route);
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (_routes.Count == 0)
        {
            return;
        }

        Transact(
            async (engine, token) =>
            {
                OverlayRoutesChanged changed = await engine.CallAsync(EngineApi.OverlayAddRoutes, new AddOverlayRoutes([.. _routes], Change), token);
                return (changed.Routes, changed.Outcome);
            },
            _routes.Count == 1 ? _routes[0].Prefix.ToString() : _routes.Select(route => route.Prefix.ToString()).ToArray(),
            passThru: true);
    }
}
