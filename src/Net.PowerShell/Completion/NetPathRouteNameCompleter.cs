using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of routes.</summary>
public sealed class NetPathRouteNameCompleter : EngineCompleter
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        NetPathRoute[] routes = await engine.CallAsync(EngineApi.PathsListRoutes, new ListPathRoutes(), cancellationToken);
        return routes.Select(route => new Candidate(
            route.Name, $"{route.DestinationPrefix} by {route.NextHop ?? route.InterfaceAlias} ({route.State})"));
    }
}
