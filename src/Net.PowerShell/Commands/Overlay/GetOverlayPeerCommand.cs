using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets peers of overlays, with the state of their sessions.</summary>
[Cmdlet(VerbsCommon.Get, "OverlayPeer", DefaultParameterSetName = ByName)]
[OutputType(typeof(OverlayPeer))]
public sealed class GetOverlayPeerCommand : NamedItemCmdlet<OverlayPeer>
{
    private const string ByName = "Name";
    private const string ByOverlay = "InputObject";

    private string _overlay = "*";

    /// <summary>The overlay.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    public string Overlay { get; set; } = "*";

    /// <summary>Overlays from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByOverlay)]
    [WholeObject<Overlay>]
    public Overlay[]? InputObject { get; set; }

    /// <summary>Names or node ids of peers.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(Position = 1, ParameterSetName = ByOverlay)]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only peers in these states.</summary>
    [Parameter]
    public OverlayPeerState[]? State { get; set; }

    private protected override ItemKind<OverlayPeer> Kind => OverlayKinds.Peers(_overlay);

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string overlay in InputObject is null ? [Overlay] : InputObject.Select(one => one.Name))
        {
            _overlay = overlay;
            WriteNamed(Name, peer => State is null || (peer.State is { } state && State.Contains(state)));
        }
    }
}
