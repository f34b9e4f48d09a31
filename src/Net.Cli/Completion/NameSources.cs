using Net.Cli.Hosting;
using Net.Contracts;

namespace Net.Cli.Completion;

/// <summary>The names completion offers for arguments. They come from the engine, quickly or not at all.</summary>
internal static class NameSources
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>The kinds of names there are.</summary>
    public static string[] Kinds { get; } =
    [
        "rules", "routes", "paths", "secrets", "labs", "topologies", "errors",
        "overlays", "overlay-peers", "overlay-rules", "overlay-prefixes", "identities", "networks", "join-requests", "relay-rules", "group-interfaces",
        "address-lists", "port-lists", "zones", "nat-rules", "forwards", "rule-groups",
    ];

    /// <summary>The kind of name the arguments of a command take, or null.</summary>
    public static string? Of(string path) => path switch
    {
        "firewall list" or "firewall set" or "firewall remove" or "firewall enable" or "firewall disable" or "firewall reset" or "firewall log" => "rules",
        "firewall rule list" or "firewall rule set" or "firewall rule remove" or "firewall rule enable" or "firewall rule disable" => "rules",
        "firewall group enable" or "firewall group disable" => "rule-groups",
        "firewall address-list list" or "firewall address-list set" or "firewall address-list remove" => "address-lists",
        "firewall address-list entries" or "firewall address-list put" or "firewall address-list take" => "address-lists",
        "firewall port-list list" or "firewall port-list set" or "firewall port-list remove" => "port-lists",
        "firewall zone list" or "firewall zone set" or "firewall zone remove" => "zones",
        "firewall nat list" or "firewall nat set" or "firewall nat remove" or "firewall nat enable" or "firewall nat disable" => "nat-rules",
        "firewall forward list" or "firewall forward set" or "firewall forward remove" or "firewall forward enable" or "firewall forward disable" => "forwards",
        "path route list" or "path route set" or "path route remove" => "routes",
        "path list" or "path watch" or "path measure" or "path test" => "paths",
        "secret set" or "secret remove" => "secrets",
        "lab down" or "lab exec" or "lab status" => "labs",
        "lab up" => "topologies",
        "errors" => "errors",
        "overlay list" or "overlay show" or "overlay set" or "overlay remove" or "overlay start" or "overlay stop" or "overlay restart" => "overlays",
        "overlay graph" or "overlay audit" or "overlay invitation add" or "overlay join-request list" or "overlay route add" or "overlay route list" => "overlays",
        "overlay policy add" or "overlay peer add" or "overlay peer watch" or "overlay message receive" => "overlays",
        "overlay peer list" or "overlay peer set" or "overlay peer remove" or "overlay peer test" or "overlay policy test" or "overlay message send" => "overlay-peers",
        "overlay policy list" or "overlay policy set" or "overlay policy remove" => "overlay-rules",
        "overlay route remove" => "overlay-prefixes",
        "overlay identity list" or "overlay identity rotate" or "overlay identity remove" => "identities",
        "overlay network list" or "overlay network remove" or "overlay network export" => "networks",
        "overlay certificate list" or "overlay certificate issue" or "overlay certificate revoke" => "networks",
        "relay rule list" or "relay rule set" or "relay rule remove" or "relay rule enable" or "relay rule disable" => "relay-rules",
        "relay statistics" or "relay trace" or "relay measure" => "relay-rules",
        "relay groups" => "group-interfaces",
        "overlay join-request approve" or "overlay join-request deny" => "join-requests",
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
                "rule-groups" => [.. (await AskAsync(call, EngineApi.FirewallListRules, new ListFirewallRules(Counters: false))).Select(rule => rule.Group).OfType<string>().Distinct()],
                "address-lists" => [.. (await AskAsync(call, EngineApi.FirewallListAddressLists, new ListFirewallAddressLists())).Select(list => list.Name)],
                "port-lists" => [.. (await AskAsync(call, EngineApi.FirewallListPortLists, new ListFirewallPortLists())).Select(list => list.Name)],
                "zones" => [.. (await AskAsync(call, EngineApi.FirewallListZones, new ListFirewallZones())).Select(zone => zone.Name)],
                "nat-rules" => [.. (await AskAsync(call, EngineApi.FirewallListNatRules, new ListNatRules())).Select(rule => rule.Name)],
                "forwards" => [.. (await AskAsync(call, EngineApi.FirewallListPortForwards, new ListPortForwards())).Select(forward => forward.Name)],
                "routes" => [.. (await AskAsync(call, EngineApi.PathsListRoutes, new ListPathRoutes())).Select(route => route.Name)],
                "paths" => [.. (await AskAsync(call, EngineApi.PathsList, new ListPaths())).SelectMany(path => new[] { path.PathId, path.InterfaceAlias }).Distinct()],
                "secrets" => [.. (await AskAsync(call, EngineApi.SecretsList, new ListSecrets())).Select(secret => secret.Name)],
                "labs" => [.. (await call.Services.Labs().ListAsync(call.Token)).Select(lab => lab.Instance)],
                "topologies" => [.. call.Services.Labs().Topologies().Select(topology => topology.Name)],
                "overlays" => await OverlaysAsync(call),
                "overlay-peers" => [.. await OverlaysAsync(call), .. (await AskAsync(call, EngineApi.OverlayListPeers, new ListOverlayPeers())).Select(peer => peer.Name)],
                "overlay-rules" => [.. await OverlaysAsync(call), .. (await AskAsync(call, EngineApi.OverlayListPolicy, new ListOverlayPolicy())).Select(rule => rule.Name)],
                "overlay-prefixes" => [.. await OverlaysAsync(call), .. (await AskAsync(call, EngineApi.OverlayListRoutes, new ListOverlayRoutes())).Select(route => route.Prefix.ToString())],
                "identities" => [.. (await AskAsync(call, EngineApi.OverlayListIdentities, new ListOverlayIdentities())).Select(identity => identity.Name)],
                "networks" => [.. (await AskAsync(call, EngineApi.OverlayListNetworks, new ListOverlayNetworks())).Select(network => network.Name)],
                "join-requests" => [.. (await AskAsync(call, EngineApi.OverlayListJoinRequests, new ListOverlayJoinRequests())).Select(request => request.Id)],
                "relay-rules" => [.. (await AskAsync(call, EngineApi.RelayListRules, new ListRelayRules(Counters: false))).Select(rule => rule.Name)],
                "group-interfaces" => [.. (await AskAsync(call, EngineApi.RelayListGroups, new ListMulticastGroups())).Select(group => group.InterfaceAlias).Distinct()],
                "errors" => [.. ErrorCatalogue.ById.Keys.Order(StringComparer.Ordinal)],
                _ => [],
            };
        }
        catch (Exception failure) when (failure is EngineException or CliException or TimeoutException)
        {
            return [];
        }
    }

    // Commands that take an overlay and then a name in it are offered both.
    private static async Task<string[]> OverlaysAsync(CliCall call) => [.. (await AskAsync(call, EngineApi.OverlayList, new ListOverlays())).Select(overlay => overlay.Name)];

    private static Task<TResult> AskAsync<TRequest, TResult>(CliCall call, ApiMethod<TRequest, TResult> method, TRequest request) =>
        call.CallAsync(method, request).WaitAsync(Patience, call.Services.Time, call.Token);
}
