using System.Globalization;
using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The kinds there are.</summary>
internal static class ItemKinds
{
    /// <summary>Firewall rules, with their counters.</summary>
    public static readonly ItemKind<FirewallRule> FirewallRule = Rules(counters: true);

    /// <summary>Firewall rules about to be changed, where counters would only cost time.</summary>
    public static readonly ItemKind<FirewallRule> FirewallRuleToChange = Rules(counters: false);

    /// <summary>Paths, by their id or their interface.</summary>
    public static readonly ItemKind<NetPath> Path = new(
        "path",
        ErrorCatalogue.PathNotFound,
        path => [path.PathId, path.InterfaceAlias],
        _ => 0,
        (engine, names, token) => engine.CallAsync(EngineApi.PathsList, new ListPaths(names), token));

    /// <summary>Routes of the configuration.</summary>
    public static readonly ItemKind<NetPathRoute> PathRoute = new(
        "route",
        ErrorCatalogue.PathRouteNotFound,
        route => [route.Name],
        _ => 0,
        (engine, names, token) => engine.CallAsync(EngineApi.PathsListRoutes, new ListPathRoutes(names), token));

    /// <summary>Secrets. The engine lists them all; there are few.</summary>
    public static readonly ItemKind<SecretInfo> Secret = new(
        "secret",
        ErrorCatalogue.SecretNotFound,
        secret => [secret.Name],
        _ => 0,
        (engine, _, token) => engine.CallAsync(EngineApi.SecretsList, new ListSecrets(), token));

    /// <summary>Firewall rules to look at. Those the engine adds may share a name, so their number tells them apart.</summary>
    /// <param name="counters">Whether to read the counters.</param>
    /// <param name="generated">Whether those the engine adds are among them.</param>
    /// <param name="groups">Groups, with <c>*</c> and <c>?</c>; null for all.</param>
    public static ItemKind<FirewallRule> Rules(bool counters, bool generated = false, string[]? groups = null) => new(
        "firewall rule",
        ErrorCatalogue.FirewallRuleNotFound,
        rule => rule.Origin is null ? [rule.Name] : [rule.Id.ToString(CultureInfo.InvariantCulture), rule.Name],
        rule => rule.Id,
        (engine, names, token) => engine.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(names, counters, generated, groups), token));
}
