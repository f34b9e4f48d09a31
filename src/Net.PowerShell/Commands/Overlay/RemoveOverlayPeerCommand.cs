using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Removes peers from overlays; their sessions end. All peers of one overlay are removed in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "OverlayPeer", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(OverlayPeer))]
public sealed class RemoveOverlayPeerCommand : ChangeCmdlet
{
    private readonly List<(string Overlay, Wanted Item)> _wanted = [];

    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>Names of peers.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Write the peers as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => _wanted.AddRange(Name!.Select(name => (Overlay!, new Wanted(name))));

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, Wanted> of in _wanted.GroupBy(one => one.Overlay, one => one.Item, StringComparer.OrdinalIgnoreCase))
        {
            ChangeSelected(
                OverlayKinds.PeersOf(of.Key),
                [.. of],
                $"Remove peer of overlay {of.Key}",
                async (agreed, engine, token) =>
                {
                    var request = new RemoveOverlayPeers(of.Key, [.. agreed.Select(one => one.Name)], Change);
                    OverlayPeersChanged changed = await engine.CallAsync(EngineApi.OverlayRemovePeers, request, token);
                    return (changed.Peers, changed.Outcome);
                },
                PassThru);
        }
    }
}
