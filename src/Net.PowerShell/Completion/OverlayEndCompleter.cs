using System.Collections;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes the words a policy takes for who opens a connection and who is reached.</summary>
public sealed class OverlayEndCompleter : EngineCompleter
{
    internal override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, IDictionary bound, CancellationToken cancellationToken)
    {
        string? overlay = bound["Overlay"] as string;
        OverlayPeer[] peers = await engine.CallAsync(EngineApi.OverlayListPeers, new ListOverlayPeers(overlay), cancellationToken);
        Overlay[] overlays = await engine.CallAsync(EngineApi.OverlayList, new ListOverlays(overlay is null ? null : [overlay]), cancellationToken);
        return
        [
            new Candidate("*", "Everybody"),
            new Candidate("self", "This node"),
            .. peers.Select(peer => new Candidate(peer.Name, $"Peer of {peer.Overlay}")),
            .. overlays.SelectMany(one => one.Groups).Select(group => new Candidate($"group:{group.Name}", string.Join(", ", group.Members))),
            .. peers.SelectMany(peer => peer.MemberOf ?? []).Distinct().Select(group => new Candidate($"group:{group}", "Group of certificates")),
        ];
    }

    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) =>
        AskAsync(engine, new Hashtable(), cancellationToken);
}
