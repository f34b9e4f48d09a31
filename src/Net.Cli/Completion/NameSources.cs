using Net.Cli.Hosting;
using Net.Contracts;

namespace Net.Cli.Completion;

/// <summary>The names completion offers for arguments. They come from the engine, quickly or not at all.</summary>
internal static class NameSources
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>The kinds of names there are.</summary>
    public static string[] Kinds { get; } = ["rules", "routes", "paths", "secrets", "labs", "topologies", "errors"];

    /// <summary>The kind of name the arguments of a command take, or null.</summary>
    public static string? Of(string path) => path switch
    {
        "firewall list" or "firewall set" or "firewall remove" or "firewall enable" or "firewall disable" => "rules",
        "path route list" or "path route set" or "path route remove" => "routes",
        "path list" or "path watch" or "path measure" or "path test" => "paths",
        "secret set" or "secret remove" => "secrets",
        "lab down" or "lab exec" or "lab status" => "labs",
        "lab up" => "topologies",
        "errors" => "errors",
        _ => null,
    };

    /// <summary>The names of a kind; none when the engine does not answer in time.</summary>
    public static async Task<string[]> ListAsync(CliCall call, string kind)
    {
        try
        {
            return kind switch
            {
                "rules" => [.. (await AskAsync(call, EngineApi.FirewallListRules, new ListFirewallRules(Counters: false))).Select(rule => rule.Name)],
                "routes" => [.. (await AskAsync(call, EngineApi.PathsListRoutes, new ListPathRoutes())).Select(route => route.Name)],
                "paths" => [.. (await AskAsync(call, EngineApi.PathsList, new ListPaths())).SelectMany(path => new[] { path.PathId, path.InterfaceAlias }).Distinct()],
                "secrets" => [.. (await AskAsync(call, EngineApi.SecretsList, new ListSecrets())).Select(secret => secret.Name)],
                "labs" => [.. (await call.Services.Labs().ListAsync(call.Token)).Select(lab => lab.Instance)],
                "topologies" => [.. call.Services.Labs().Topologies().Select(topology => topology.Name)],
                "errors" => [.. ErrorCatalogue.ById.Keys.Order(StringComparer.Ordinal)],
                _ => [],
            };
        }
        catch (Exception failure) when (failure is EngineException or CliException or TimeoutException)
        {
            return [];
        }
    }

    private static Task<TResult> AskAsync<TRequest, TResult>(CliCall call, ApiMethod<TRequest, TResult> method, TRequest request) =>
        call.CallAsync(method, request).WaitAsync(Patience, call.Services.Time, call.Token);
}
