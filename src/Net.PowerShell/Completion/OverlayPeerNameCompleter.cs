using System.Collections;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of peers: those of the overlay that is typed already, else all.</summary>
public sealed class OverlayPeerNameCompleter : EngineCompleter
{
    internal override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, IDictionary bound, CancellationToken cancellationToken)
    {
        OverlayPeer[] peers = await engine.CallAsync(EngineApi.OverlayListPeers, new ListOverlayPeers(bound["Overlay"] as string), cancellationToken);
        return peers.Select(peer => new Candidate(peer.Name, $"{peer.State} in {peer.Overlay}: {peer.StateReason}"));
    }

    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) =>
        AskAsync(engine, new Hashtable(), cancellationToken);
}
