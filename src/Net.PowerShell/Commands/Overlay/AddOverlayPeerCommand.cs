using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Adds peers to overlays. All peers of one pipeline are added in one transaction.</summary>
[Cmdlet(VerbsCommon.Add, "OverlayPeer", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayPeer))]
public sealed class AddOverlayPeerCommand : OverlayPeerPartsCmdlet
{
    private readonly List<OverlayPeer> _peers = [];

    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>The name of the peer.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Add the peer without connecting to it.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    /// <summary>Peers from the pipeline.</summary>
    [Parameter(ValueFromPipeline = true)]
    [WholeObject<OverlayPeer>]
    public OverlayPeer[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        OverlayPeerPatch parts = Parts(typedOnly: false) with
        {
            Overlay = Overlay,
            Name = Name,
            Enabled = MyInvocation.BoundParameters.ContainsKey(nameof(Disabled)) ? !Disabled : null,
        };
        foreach (OverlayPeer peer in InputObject is null ? [parts.ToPeer()] : InputObject.Select(parts.ApplyTo))
        {
            if (Agree(peer.Name, $"Add peer to overlay {peer.Overlay}"))
            {
                _peers.Add(peer);
            }
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (_peers.Count == 0)
        {
            return;
        }

        Transact(
            async (engine, token) =>
            {
                OverlayPeersChanged changed = await engine.CallAsync(EngineApi.OverlayAddPeers, new AddOverlayPeers([.. _peers], Change), token);
                return (changed.Peers, changed.Outcome);
            },
            _peers.Count == 1 ? _peers[0].Name : _peers.Select(peer => peer.Name).ToArray(),
            passThru: true);
    }
}
