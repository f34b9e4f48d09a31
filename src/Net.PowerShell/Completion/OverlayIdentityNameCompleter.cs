using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of identities.</summary>
public sealed class OverlayIdentityNameCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        OverlayIdentity[] identities = await engine.CallAsync(EngineApi.OverlayListIdentities, new ListOverlayIdentities(), cancellationToken);
        return identities.Select(identity => new Candidate(identity.Name, $"{identity.NodeId}, made {identity.CreatedAt:u}, used by {identity.UsedBy.Length} overlays"));
    }
}
