using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;

namespace Net.Engine.Paths;

/// <summary>Serves the routes' part of the API: each call becomes an edit of the document.</summary>
internal sealed class RouteService(ConfigurationManager configuration, RouteSubsystem routes)
{
    /// <summary>Lists routes.</summary>
    public NetPathRoute[] List(ListPathRoutes request) => routes.List(configuration.Document.Paths, request.Names);

    /// <summary>Adds routes.</summary>
    public async Task<PathRoutesChanged> CreateAsync(Actor actor, CreatePathRoutes request, CancellationToken cancellationToken)
    {
        NetPathRoute[] wanted = Clean(request.Routes);
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            foreach (NetPathRoute route in wanted)
            {
                if (document.Paths.Routes.Any(one => IsNamed(one, route.Name)))
                {
                    throw new EngineException(ErrorCatalogue.PathRouteExists, $"A route named '{route.Name}' exists already.", route.Name);
                }
            }

            return With(document, [.. document.Paths.Routes, .. wanted]);
        }, cancellationToken).ConfigureAwait(false);
        return new PathRoutesChanged(outcome.Applied ? Current(wanted) : wanted, outcome);
    }

    /// <summary>Replaces routes.</summary>
    public async Task<PathRoutesChanged> SetAsync(Actor actor, SetPathRoutes request, CancellationToken cancellationToken)
    {
        NetPathRoute[] wanted = Clean(request.Routes);
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            NetPathRoute[] all = [.. document.Paths.Routes];
            foreach (NetPathRoute route in wanted)
            {
                int index = Array.FindIndex(all, one => IsNamed(one, route.Name));
                all[index < 0 ? throw NotFound(route.Name) : index] = route;
            }

            return With(document, all);
        }, cancellationToken).ConfigureAwait(false);
        return new PathRoutesChanged(Current(wanted), outcome);
    }

    /// <summary>Removes routes.</summary>
    public async Task<PathRoutesChanged> RemoveAsync(Actor actor, RemovePathRoutes request, CancellationToken cancellationToken)
    {
        if (request.Names.Length == 0)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "No route was given.", "names");
        }

        NetPathRoute[] removed = [];
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            removed = [.. request.Names.Distinct(StringComparer.OrdinalIgnoreCase).Select(name => document.Paths.Routes.FirstOrDefault(one => IsNamed(one, name)) ?? throw NotFound(name))];
            return With(document, [.. document.Paths.Routes.Except(removed)]);
        }, cancellationToken).ConfigureAwait(false);
        return new PathRoutesChanged(removed, outcome);
    }

    // State and reason are what lists carry; in a document they would be stale at once.
    private static NetPathRoute[] Clean(NetPathRoute[] routes) => routes.Length > 0
        ? [.. routes.Select(route => route with { State = null, StateReason = null })]
        : throw new EngineException(ErrorCatalogue.ArgumentInvalid, "No route was given.", "routes");

    private static bool IsNamed(NetPathRoute route, string name) => string.Equals(route.Name, name, StringComparison.OrdinalIgnoreCase);

    private static EngineException NotFound(string name) => new(ErrorCatalogue.PathRouteNotFound, $"No route is named '{name}'.", name);

    private static NetConfiguration With(NetConfiguration document, NetPathRoute[] all) =>
        document with { Paths = document.Paths with { Routes = all } };

    private NetPathRoute[] Current(NetPathRoute[] asked) =>
        [.. List(new ListPathRoutes()).Where(route => asked.Any(one => IsNamed(one, route.Name)))];
}
