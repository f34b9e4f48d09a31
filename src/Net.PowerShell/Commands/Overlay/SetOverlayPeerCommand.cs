using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Changes peers. What is not given stays as it is in the engine. All peers of one overlay are changed in one transaction.</summary>
[Cmdlet(VerbsCommon.Set, "OverlayPeer", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(OverlayPeer))]
public sealed class SetOverlayPeerCommand : OverlayPeerPartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    private readonly List<(string Overlay, Wanted Peer)> _wanted = [];
    private readonly List<OverlayPeerPatch> _parts = [];

    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>Names of peers.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Peers from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [WholeObject<OverlayPeer>]
    public OverlayPeer[]? InputObject { get; set; }

    /// <summary>Whether a session with it is wanted.</summary>
    [Parameter]
    public SwitchParameter Enabled { get; set; }

    /// <summary>Write the changed peers.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        OverlayPeerPatch parts = Parts(typedOnly: InputObject is not null) with
        {
            Enabled = MyInvocation.BoundParameters.ContainsKey(nameof(Enabled)) ? Enabled.IsPresent : null,
        };
        if (_parts.Count == 0 || _parts[^1] != parts)
        {
            _parts.Add(parts);
        }

        int part = _parts.Count - 1;
        _wanted.AddRange(InputObject is null
            ? Name!.Select(name => (Overlay!, new Wanted(name, Part: part)))
            : InputObject.Select(peer => (peer.Overlay ?? string.Empty, new Wanted(peer.Name, IsExact: true, Part: part))));
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, Wanted> of in _wanted.GroupBy(one => one.Overlay, one => one.Peer, StringComparer.OrdinalIgnoreCase))
        {
            ChangeSelected(
                OverlayKinds.PeersOf(of.Key),
                [.. of],
                $"Change peer of overlay {of.Key}",
                (agreed, engine, token) => SendAsync(of.Key, agreed, engine, token),
                PassThru);
        }
    }

    private async Task<(OverlayPeer[] Items, ChangeOutcome Outcome)> SendAsync(
        string overlay, IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken)
    {
        OverlayPeersChanged changed = await Edit.CommitAsync(
            OverlayKinds.PeersOf(overlay),
            agreed,
            (peer, part) => _parts[part].ApplyTo(peer),
            Change,
            (peers, guarded, token) => engine.CallAsync(EngineApi.OverlaySetPeers, new SetOverlayPeers(peers, guarded), token),
            engine,
            cancellationToken);
        return (changed.Peers, changed.Outcome);
    }
}
