using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Streams peers as they are now and whenever their state changes, until it is stopped.</summary>
[Cmdlet(VerbsCommon.Watch, "OverlayPeer")]
[OutputType(typeof(OverlayPeerChange))]
public sealed class WatchOverlayPeerCommand : WatchCmdlet
{
    /// <summary>The overlay.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    [NameText]
    public string Overlay { get; set; } = "*";

    /// <inheritdoc />
    protected override void ProcessRecord() => Watch(EngineApi.OverlayWatchPeers, new WatchOverlayPeers(OverlayKinds.Everywhere(Overlay)), Overlay);
}
