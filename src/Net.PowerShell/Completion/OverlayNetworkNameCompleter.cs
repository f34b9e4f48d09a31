using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of networks whose key this engine holds.</summary>
public sealed class OverlayNetworkNameCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        OverlayNetwork[] networks = await engine.CallAsync(EngineApi.OverlayListNetworks, new ListOverlayNetworks(), cancellationToken);
        return networks.Select(network => new Candidate(network.Name, $"{network.Certificates} certificates, {network.Revoked} revoked"));
    }
}
