using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary>Lists, zones, NAT rules and port forwards.</summary>
internal static class FirewallItemCommands
{
    /// <summary><c>netmod firewall address-list</c>.</summary>
    public static ItemCommands<FirewallAddressList> AddressLists { get; } = new()
    {
        Noun = "address list",
        Plural = "address lists",
        NotFound = ErrorCatalogue.FirewallItemNotFound,
        Info = ContractsJsonContext.Default.FirewallAddressListArray,
        NameOf = list => list.Name,
        New = name => new FirewallAddressList { Name = name },
        Document = list => list with { EntryCount = null, RefreshedAt = null, Problem = null },
        ListAsync = (call, names) => call.CallAsync(EngineApi.FirewallListAddressLists, new ListFirewallAddressLists(names)),
        CreateAsync = async (call, list, change) => Of(await call.CallAsync(EngineApi.FirewallCreateAddressLists, new CreateFirewallAddressLists([list], change))),
        SetAsync = async (call, lists, change) => Of(await call.CallAsync(EngineApi.FirewallSetAddressLists, new SetFirewallAddressLists(lists, change))),
        RemoveAsync = async (call, names, change) => Of(await call.CallAsync(EngineApi.FirewallRemoveAddressLists, new RemoveFirewallAddressLists(names, change))),
        AddFields = fields => fields
            .List("--address", "ADDRESSES", "Addresses, prefixes or ranges.", AddressRange.Parse, (list, value) => list.Address = value)
            .Words("--list", "NAMES", "Other address lists that are part of it.", (list, value) => list.List = value)
            .Text("--file", "FILE", "A file with one address, prefix or range a line, on the host of the engine.", (list, value) => list.File = value)
            .Words("--host-name", "NAMES", "Host names whose addresses are part of it.", (list, value) => list.HostName = value)
            .Words("--country", "CODES", "Countries whose networks are part of it, such as DE.", (list, value) => list.Country = value)
            .Text("--country-file", "FILE", "The local database of countries, a CSV file.", (list, value) => list.CountryFile = value)
            .Duration("--refresh-interval", "Time between two resolutions of host names (default 5m).", (_, list, value) => list.RefreshInterval = value)
            .Switch("--dynamic", "Rules, detection and people put single addresses into it.", (list, value) => list.Dynamic = value)
            .Duration("--timeout", "How long an address stays in a dynamic list; 0s for ever (default).", (_, list, value) => list.Timeout = value == TimeSpan.Zero ? null : value)
            .Number("--max-entries", "NUMBER", "Addresses of each IP version a dynamic list holds at most (default 65536).", 1, 1_000_000, (list, value) => list.MaxEntries = (int)value)
            .Text("--description", "TEXT", "What the list is for.", (list, value) => list.Description = value),
        Columns = call =>
        [
            new("Name", list => list.Name),
            new("Dynamic", list => Text.YesNo(list.Dynamic)),
            new("Entries", list => Text.Number(list.EntryCount)) { IsNumber = true },
            new("From", From) { IsFlexible = true },
            new("Refreshed", list => call.Show(list.RefreshedAt)),
            new("Problem", list => list.Problem) { IsFlexible = true, Tone = _ => Tone.Warning },
            new("Description", list => list.Description) { IsFlexible = true },
        ],
    };

    /// <summary><c>netmod firewall port-list</c>.</summary>
    public static ItemCommands<FirewallPortList> PortLists { get; } = new()
    {
        Noun = "port list",
        Plural = "port lists",
        NotFound = ErrorCatalogue.FirewallItemNotFound,
        Info = ContractsJsonContext.Default.FirewallPortListArray,
        NameOf = list => list.Name,
        New = name => new FirewallPortList { Name = name },
        Document = list => list with { },
        ListAsync = (call, names) => call.CallAsync(EngineApi.FirewallListPortLists, new ListFirewallPortLists(names)),
        CreateAsync = async (call, list, change) => Of(await call.CallAsync(EngineApi.FirewallCreatePortLists, new CreateFirewallPortLists([list], change))),
        SetAsync = async (call, lists, change) => Of(await call.CallAsync(EngineApi.FirewallSetPortLists, new SetFirewallPortLists(lists, change))),
        RemoveAsync = async (call, names, change) => Of(await call.CallAsync(EngineApi.FirewallRemovePortLists, new RemoveFirewallPortLists(names, change))),
        AddFields = fields => fields
            .List("--port", "PORTS", "Ports and ranges, such as 443 or 8000-8010.", PortRange.Parse, (list, value) => list.Port = value)
            .Words("--list", "NAMES", "Other port lists that are part of it.", (list, value) => list.List = value)
            .Text("--description", "TEXT", "What the list is for.", (list, value) => list.Description = value),
        Columns = _ =>
        [
            new("Name", list => list.Name),
            new("Ports", list => Text.List(list.Port)) { IsFlexible = true },
            new("Lists", list => Text.List(list.List)) { IsFlexible = true },
            new("Description", list => list.Description) { IsFlexible = true },
        ],
    };

    /// <summary><c>netmod firewall zone</c>.</summary>
    public static ItemCommands<FirewallZone> Zones { get; } = new()
    {
        Noun = "zone",
        Plural = "zones",
        NotFound = ErrorCatalogue.FirewallItemNotFound,
        Info = ContractsJsonContext.Default.FirewallZoneArray,
        NameOf = zone => zone.Name,
        New = name => new FirewallZone { Name = name },
        Document = zone => zone with { },
        ListAsync = (call, names) => call.CallAsync(EngineApi.FirewallListZones, new ListFirewallZones(names)),
        CreateAsync = async (call, zone, change) => Of(await call.CallAsync(EngineApi.FirewallCreateZones, new CreateFirewallZones([zone], change))),
        SetAsync = async (call, zones, change) => Of(await call.CallAsync(EngineApi.FirewallSetZones, new SetFirewallZones(zones, change))),
        RemoveAsync = async (call, names, change) => Of(await call.CallAsync(EngineApi.FirewallRemoveZones, new RemoveFirewallZones(names, change))),
        AddFields = fields => fields
            .Words("--interface", "NAMES", "Its interfaces; a trailing * matches any ending.", (zone, value) => zone.InterfaceAlias = value)
            .One("--inbound", "ACTION", "What happens to packets to this host that no rule decides; '' leaves it to the profile.", ActionOf, (zone, value) => zone.Inbound = Single(value))
            .One("--outbound", "ACTION", "What happens to packets of this host that no rule decides; '' leaves it to the profile.", ActionOf, (zone, value) => zone.Outbound = Single(value))
            .One("--forward", "ACTION", "What happens to forwarded packets that no rule decides; '' leaves it to the profile.", ActionOf, (zone, value) => zone.Forward = Single(value))
            .Words("--forward-to", "ZONES", "Zones that may be reached by forwarding all the same.", (zone, value) => zone.ForwardTo = value)
            .Switch("--block-bogons", "Block packets from addresses that are not of the public Internet.", (zone, value) => zone.BlockBogons = value)
            .Switch("--masquerade", "What leaves into the zone from others takes this host's address there.", (zone, value) => zone.Masquerade = value)
            .Text("--description", "TEXT", "What the zone is for.", (zone, value) => zone.Description = value),
        Columns = _ =>
        [
            new("Name", zone => zone.Name),
            new("Interfaces", zone => Text.List(zone.InterfaceAlias)) { IsFlexible = true },
            new("Inbound", zone => NameOf(zone.Inbound)),
            new("Outbound", zone => NameOf(zone.Outbound)),
            new("Forward", zone => NameOf(zone.Forward)),
            new("To zones", zone => Text.List(zone.ForwardTo)) { IsFlexible = true },
            new("Bogons", zone => zone.BlockBogons ? "blocked" : null),
            new("Masquerade", zone => Text.YesNo(zone.Masquerade)),
            new("Description", zone => zone.Description) { IsFlexible = true },
        ],
    };

    /// <summary><c>netmod firewall nat</c>.</summary>
    public static ItemCommands<NatRule> NatRules { get; } = new()
    {
        Noun = "NAT rule",
        Plural = "NAT rules",
        NotFound = ErrorCatalogue.FirewallItemNotFound,
        Info = ContractsJsonContext.Default.NatRuleArray,
        NameOf = rule => rule.Name,
        New = name => new NatRule { Name = name },
        Document = rule => rule with { Position = null, ConnectionCount = null },
        Enable = (rule, enabled) => rule.Enabled = enabled,
        ListAsync = (call, names) => call.CallAsync(EngineApi.FirewallListNatRules, new ListNatRules(names)),
        CreateAsync = async (call, rule, change) => Of(await call.CallAsync(EngineApi.FirewallCreateNatRules, new CreateNatRules([rule], change))),
        SetAsync = async (call, rules, change) => Of(await call.CallAsync(EngineApi.FirewallSetNatRules, new SetNatRules(rules, change))),
        RemoveAsync = async (call, names, change) => Of(await call.CallAsync(EngineApi.FirewallRemoveNatRules, new RemoveNatRules(names, change))),
        AddFields = fields =>
        {
            fields
                .Choice<NatKind>("--kind", "What the rule does.", (rule, value) => rule.Kind = value, required: true)
                .Choice<IpProtocol>("--protocol", "The protocol above IP (default any).", (rule, value) => rule.Protocol = value)
                .Choice<IpFamily>("--family", "Which versions of IP (default any).", (rule, value) => rule.Family = value)
                .List("--source-address", "ADDRESSES", "Source addresses, prefixes or ranges.", AddressRange.Parse, (rule, value) => rule.SourceAddress = value)
                .List("--destination-address", "ADDRESSES", "Destination addresses, prefixes or ranges.", AddressRange.Parse, (rule, value) => rule.DestinationAddress = value)
                .List("--source-port", "PORTS", "Source ports.", PortRange.Parse, (rule, value) => rule.SourcePort = value)
                .List("--destination-port", "PORTS", "Destination ports.", PortRange.Parse, (rule, value) => rule.DestinationPort = value)
                .Words("--interface", "NAMES", "Interfaces packets come in by: destination, redirect, one-to-one.", (rule, value) => rule.InterfaceAlias = value)
                .Words("--out-interface", "NAMES", "Interfaces packets leave by: masquerade, source, exempt.", (rule, value) => rule.OutInterfaceAlias = value)
                .One("--to-address", "ADDRESS", "The new address or range; with one-to-one the inner prefix.", AddressRange.Parse, (rule, value) => rule.ToAddress = value is [var to] ? to : null)
                .One("--to-port", "PORT", "The new port or range; '' keeps it.", PortRange.Parse, (rule, value) => rule.ToPort = Single(value))
                .Switch("--random-port", "Source ports are chosen at random.", (rule, value) => rule.RandomPort = value)
                .Switch("--persistent", "A source always gets the same of several addresses.", (rule, value) => rule.Persistent = value)
                .Switch("--include-own-packets", "Packets this host sends itself are translated as well.", (rule, value) => rule.IncludeOwnPackets = value)
                .Number("--position", "NUMBER", "The place in the order of NAT rules, from 1 (default: behind all others).", 1, int.MaxValue, (rule, value) => rule.Position = (int)value)
                .Text("--description", "TEXT", "What the rule is for.", (rule, value) => rule.Description = value);
            if (fields.IsNew)
            {
                fields.Flag("--disabled", "The rule takes no part until it is enabled.", rule => rule.Enabled = false);
            }
        },
        Columns = _ =>
        [
            new("#", rule => Text.Number(rule.Position)) { IsNumber = true },
            new("Name", rule => rule.Name) { IsFlexible = true },
            new("Kind", rule => Text.Name(rule.Kind)),
            new("Packets that match", RuleText.Match) { IsFlexible = true },
            new("Becomes", rule => rule.ToAddress is null && rule.ToPort is null ? null : $"{rule.ToAddress}{(rule.ToPort is { } port ? $" port {port}" : null)}".Trim()),
            new("Connections", rule => Text.Number(rule.ConnectionCount)) { IsNumber = true },
            new("Enabled", rule => Text.YesNo(rule.Enabled)) { Tone = rule => rule.Enabled ? Tone.Plain : Tone.Warning },
            new("Description", rule => rule.Description) { IsFlexible = true },
        ],
    };

    /// <summary><c>netmod firewall forward</c>.</summary>
    public static ItemCommands<PortForward> Forwards { get; } = new()
    {
        Noun = "port forward",
        Plural = "port forwards",
        NotFound = ErrorCatalogue.FirewallItemNotFound,
        Info = ContractsJsonContext.Default.PortForwardArray,
        NameOf = forward => forward.Name,
        New = name => new PortForward { Name = name, ToAddress = AddressRange.Parse("0.0.0.0") },
        Document = forward => forward with { ConnectionCount = null },
        Enable = (forward, enabled) => forward.Enabled = enabled,
        ListAsync = (call, names) => call.CallAsync(EngineApi.FirewallListPortForwards, new ListPortForwards(names)),
        CreateAsync = async (call, forward, change) => Of(await call.CallAsync(EngineApi.FirewallCreatePortForwards, new CreatePortForwards([forward], change))),
        SetAsync = async (call, forwards, change) => Of(await call.CallAsync(EngineApi.FirewallSetPortForwards, new SetPortForwards(forwards, change))),
        RemoveAsync = async (call, names, change) => Of(await call.CallAsync(EngineApi.FirewallRemovePortForwards, new RemovePortForwards(names, change))),
        AddFields = fields =>
        {
            fields
                .One("--port", "PORT", "The outer port or range.", PortRange.Parse, (forward, value) => forward.Port = Required(value, "--port"), required: true)
                .One("--to-address", "ADDRESS", "The host behind.", AddressRange.Parse, (forward, value) => forward.ToAddress = Required(value, "--to-address"), required: true)
                .One("--to-port", "PORT", "Its port or range; '' for the same (default).", PortRange.Parse, (forward, value) => forward.ToPort = Single(value))
                .Choice<IpProtocol>("--protocol", "tcp, udp or sctp (default tcp).", (forward, value) => forward.Protocol = value)
                .Words("--interface", "NAMES", "Interfaces connections come in by.", (forward, value) => forward.InterfaceAlias = value)
                .List("--address", "ADDRESSES", "The outer addresses (default whatever this host has).", AddressRange.Parse, (forward, value) => forward.Address = value)
                .List("--remote-address", "ADDRESSES", "Who may use it (default everybody).", AddressRange.Parse, (forward, value) => forward.RemoteAddress = value)
                .Switch("--hairpin", "Hosts of the inner side reach it by the outer address too.", (forward, value) => forward.Hairpin = value)
                .Text("--description", "TEXT", "What it is for.", (forward, value) => forward.Description = value);
            if (fields.IsNew)
            {
                fields.Flag("--disabled", "It takes no part until it is enabled.", forward => forward.Enabled = false);
            }
        },
        Columns = _ =>
        [
            new("Name", forward => forward.Name) { IsFlexible = true },
            new("Port", forward => $"{Text.Name(forward.Protocol)} {forward.Port}"),
            new("Leads to", forward => $"{forward.ToAddress}{(forward.ToPort is { } port ? $" port {port}" : null)}"),
            new("Interfaces", forward => Text.List(forward.InterfaceAlias)),
            new("For", forward => Text.List(forward.RemoteAddress)) { IsFlexible = true },
            new("Connections", forward => Text.Number(forward.ConnectionCount)) { IsNumber = true },
            new("Enabled", forward => Text.YesNo(forward.Enabled)) { Tone = forward => forward.Enabled ? Tone.Plain : Tone.Warning },
            new("Description", forward => forward.Description) { IsFlexible = true },
        ],
    };

    /// <summary>What became of a change of address lists.</summary>
    public static ItemChange Of(FirewallAddressListsChanged changed) => ItemChange.Of(changed, changed.Outcome, ContractsJsonContext.Default.FirewallAddressListsChanged);

    private static ItemChange Of(FirewallPortListsChanged changed) => ItemChange.Of(changed, changed.Outcome, ContractsJsonContext.Default.FirewallPortListsChanged);

    private static ItemChange Of(FirewallZonesChanged changed) => ItemChange.Of(changed, changed.Outcome, ContractsJsonContext.Default.FirewallZonesChanged);

    private static ItemChange Of(NatRulesChanged changed) => ItemChange.Of(changed, changed.Outcome, ContractsJsonContext.Default.NatRulesChanged);

    private static ItemChange Of(PortForwardsChanged changed) => ItemChange.Of(changed, changed.Outcome, ContractsJsonContext.Default.PortForwardsChanged);

    private static string? From(FirewallAddressList list)
    {
        string[] parts = [.. list.Address.Select(address => address.ToString()), .. list.List, .. list.HostName, .. list.Country, .. list.File is { } file ? [file] : Array.Empty<string>()];
        return parts.Length == 0 ? null : string.Join(' ', parts);
    }

    private static RuleAction ActionOf(string text) =>
        Options.ReadChoice<RuleAction>(text) ?? throw new FormatException($"'{text}' is none of {string.Join(", ", Options.Names<RuleAction>())}.");

    private static string? NameOf(RuleAction? action) => action is { } known ? Text.Name(known) : null;

    private static T? Single<T>(T[] values)
        where T : struct => values is [var only] ? only : null;

    private static T Required<T>(T[] values, string option) =>
        values is [var only] ? only : throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"{option}: a port forward cannot be without.", option);
}
