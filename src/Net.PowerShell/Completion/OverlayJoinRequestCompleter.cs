using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes ids of requests to join that wait for a decision.</summary>
public sealed class OverlayJoinRequestCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        OverlayJoinRequest[] requests = await engine.CallAsync(EngineApi.OverlayListJoinRequests, new ListOverlayJoinRequests(), cancellationToken);
        return requests.Where(request => request.State == JoinState.Pending).Select(request => new Candidate(request.Id, $"{request.Name} from {request.RemoteEndpoint}, {request.NodeId}"));
    }
}
