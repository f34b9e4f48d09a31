using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Removes routes of the configuration from overlays. Routes that peers advertise end with their advertisement.</summary>
[Cmdlet(VerbsCommon.Remove, "OverlayRoute", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayRoute))]
public sealed class RemoveOverlayRouteCommand : ChangeCmdlet
{
    private readonly List<(string Overlay, string? Peer, AddressRange Prefix)> _wanted = [];

    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>Prefixes of routes.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("DestinationPrefix")]
    [ListTransformation<AddressRange>]
    [ArgumentCompleter(typeof(OverlayRoutePrefixCompleter))]
    [ValidateNotNullOrEmpty]
    public AddressRange[]? Prefix { get; set; }

    /// <summary>Only routes to this peer.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    [AllowEmptyString]
    public string? Peer { get; set; }

    /// <summary>Write the routes as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (AddressRange prefix in Prefix!)
        {
            if (Agree($"{prefix}", $"Remove route of overlay {Overlay}"))
            {
                _wanted.Add((Overlay!, string.IsNullOrEmpty(Peer) ? null : Peer, prefix));
            }
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        foreach (IGrouping<(string Overlay, string? Peer), AddressRange> of in _wanted.GroupBy(one => (one.Overlay, one.Peer), one => one.Prefix))
        {
            string[] target = [.. of.Select(prefix => prefix.ToString())];
            Transact(
                async (engine, token) =>
                {
                    var request = new RemoveOverlayRoutes(of.Key.Overlay, [.. of], of.Key.Peer, Change);
                    OverlayRoutesChanged changed = await engine.CallAsync(EngineApi.OverlayRemoveRoutes, request, token);
                    return (changed.Routes, changed.Outcome);
                },
                target.Length == 1 ? target[0] : target,
                PassThru);
        }
    }
}
