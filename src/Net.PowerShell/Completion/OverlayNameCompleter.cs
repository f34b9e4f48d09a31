using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of overlays.</summary>
public sealed class OverlayNameCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        Overlay[] overlays = await engine.CallAsync(EngineApi.OverlayList, new ListOverlays(), cancellationToken);
        return overlays.Select(overlay => new Candidate(overlay.Name, $"{overlay.State}, {overlay.Peers.Length} peers: {overlay.StateReason}"));
    }
}
