namespace Net.Platform;

/// <summary>Asks the kernel which way a flow would take, by its routing rules and tables. Calls may come from any thread.</summary>
public interface IRouteLookup : IDisposable
{
    /// <summary>Finds the route of a flow.</summary>
    /// <param name="query">The flow.</param>
    /// <returns>The route, or why there is none: a refusal by the kernel is an answer, not an exception.</returns>
    RouteAnswer Lookup(RouteQuery query);
}
