using System.Collections;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes prefixes of routes that stand in the document.</summary>
public sealed class OverlayRoutePrefixCompleter : EngineCompleter
{
    internal override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, IDictionary bound, CancellationToken cancellationToken)
    {
        OverlayRoute[] routes = await engine.CallAsync(EngineApi.OverlayListRoutes, new ListOverlayRoutes(bound["Overlay"] as string), cancellationToken);
        return routes.Where(route => route.Source == "document").Select(route => new Candidate(route.Prefix.ToString(), $"By {route.Peer ?? "this node"}: {route.Reason}"));
    }

    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) =>
        AskAsync(engine, new Hashtable(), cancellationToken);
}
