using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Firewall.Lists;
using Net.Engine.Firewall.Translation;
using Net.Platform;

namespace Net.Engine.Firewall.Items;

/// <summary>Serves the API of zones, lists, NAT rules, port forwards, profile, detection and groups.</summary>
/// <param name="configuration">The desired state.</param>
/// <param name="firewall">Knows the counters.</param>
/// <param name="sources">Knows the states of address lists; null when nothing refreshes them.</param>
internal sealed class FirewallItemService(ConfigurationManager configuration, FirewallSubsystem firewall, AddressListSources? sources = null)
{
    private readonly NamedItems<FirewallZone> _zones = new(configuration, FirewallItemKinds.Zones);
    private readonly NamedItems<FirewallAddressList> _addressLists = new(configuration, FirewallItemKinds.AddressLists);
    private readonly NamedItems<FirewallPortList> _portLists = new(configuration, FirewallItemKinds.PortLists);
    private readonly NamedItems<NatRule> _natRules = new(configuration, FirewallItemKinds.NatRules);
    private readonly NamedItems<PortForward> _forwards = new(configuration, FirewallItemKinds.PortForwards);

    private FirewallSection Section => configuration.Document.Firewall;

    /// <summary>Lists zones.</summary>
    public FirewallZone[] List(ListFirewallZones request) => _zones.List(request.Names);

    /// <summary>Adds zones.</summary>
    public async Task<FirewallZonesChanged> CreateAsync(Actor actor, CreateFirewallZones request, CancellationToken token) =>
        Zones(await _zones.CreateAsync(actor, request.Zones, request.Change, token).ConfigureAwait(false));

    /// <summary>Replaces zones.</summary>
    public async Task<FirewallZonesChanged> SetAsync(Actor actor, SetFirewallZones request, CancellationToken token) =>
        Zones(await _zones.SetAsync(actor, request.Zones, request.Change, token).ConfigureAwait(false));

    /// <summary>Removes zones.</summary>
    public async Task<FirewallZonesChanged> RemoveAsync(Actor actor, RemoveFirewallZones request, CancellationToken token) =>
        Zones(await _zones.RemoveAsync(actor, request.Names, request.Change, token).ConfigureAwait(false));

    /// <summary>Lists address lists with what they hold now.</summary>
    public FirewallAddressList[] List(ListFirewallAddressLists request) => Described(_addressLists.List(request.Names));

    /// <summary>Adds address lists.</summary>
    public async Task<FirewallAddressListsChanged> CreateAsync(Actor actor, CreateFirewallAddressLists request, CancellationToken token) =>
        AddressLists(await _addressLists.CreateAsync(actor, request.Lists, request.Change, token).ConfigureAwait(false));

    /// <summary>Replaces address lists.</summary>
    public async Task<FirewallAddressListsChanged> SetAsync(Actor actor, SetFirewallAddressLists request, CancellationToken token) =>
        AddressLists(await _addressLists.SetAsync(actor, request.Lists, request.Change, token).ConfigureAwait(false));

    /// <summary>Removes address lists.</summary>
    public async Task<FirewallAddressListsChanged> RemoveAsync(Actor actor, RemoveFirewallAddressLists request, CancellationToken token) =>
        AddressLists(await _addressLists.RemoveAsync(actor, request.Names, request.Change, token).ConfigureAwait(false));

    /// <summary>Lists port lists.</summary>
    public FirewallPortList[] List(ListFirewallPortLists request) => _portLists.List(request.Names);

    /// <summary>Adds port lists.</summary>
    public async Task<FirewallPortListsChanged> CreateAsync(Actor actor, CreateFirewallPortLists request, CancellationToken token) =>
        PortLists(await _portLists.CreateAsync(actor, request.Lists, request.Change, token).ConfigureAwait(false));

    /// <summary>Replaces port lists.</summary>
    public async Task<FirewallPortListsChanged> SetAsync(Actor actor, SetFirewallPortLists request, CancellationToken token) =>
        PortLists(await _portLists.SetAsync(actor, request.Lists, request.Change, token).ConfigureAwait(false));

    /// <summary>Removes port lists.</summary>
    public async Task<FirewallPortListsChanged> RemoveAsync(Actor actor, RemoveFirewallPortLists request, CancellationToken token) =>
        PortLists(await _portLists.RemoveAsync(actor, request.Names, request.Change, token).ConfigureAwait(false));

    /// <summary>Lists NAT rules with position and counter.</summary>
    public NatRule[] List(ListNatRules request) => Described(_natRules.List(request.Names));

    /// <summary>Adds NAT rules.</summary>
    public async Task<NatRulesChanged> CreateAsync(Actor actor, CreateNatRules request, CancellationToken token) =>
        NatRules(await _natRules.CreateAsync(actor, request.Rules, request.Change, token).ConfigureAwait(false));

    /// <summary>Replaces NAT rules.</summary>
    public async Task<NatRulesChanged> SetAsync(Actor actor, SetNatRules request, CancellationToken token) =>
        NatRules(await _natRules.SetAsync(actor, request.Rules, request.Change, token).ConfigureAwait(false));

    /// <summary>Removes NAT rules.</summary>
    public async Task<NatRulesChanged> RemoveAsync(Actor actor, RemoveNatRules request, CancellationToken token) =>
        NatRules(await _natRules.RemoveAsync(actor, request.Names, request.Change, token).ConfigureAwait(false));

    /// <summary>Lists port forwards with their counter.</summary>
    public PortForward[] List(ListPortForwards request)
    {
        Dictionary<long, long>? counts = NatCounts();
        return [.. _forwards.List(request.Names).Select(forward => counts is null ? forward : forward with { ConnectionCount = counts.GetValueOrDefault(forward.Id) })];
    }

    /// <summary>Adds port forwards.</summary>
    public async Task<PortForwardsChanged> CreateAsync(Actor actor, CreatePortForwards request, CancellationToken token) =>
        Forwards(await _forwards.CreateAsync(actor, request.Forwards, request.Change, token).ConfigureAwait(false));

    /// <summary>Replaces port forwards.</summary>
    public async Task<PortForwardsChanged> SetAsync(Actor actor, SetPortForwards request, CancellationToken token) =>
        Forwards(await _forwards.SetAsync(actor, request.Forwards, request.Change, token).ConfigureAwait(false));

    /// <summary>Removes port forwards.</summary>
    public async Task<PortForwardsChanged> RemoveAsync(Actor actor, RemovePortForwards request, CancellationToken token) =>
        Forwards(await _forwards.RemoveAsync(actor, request.Names, request.Change, token).ConfigureAwait(false));

    /// <summary>What holds before and after all rules.</summary>
    public FirewallProfile GetProfile() => Section.Profile;

    /// <summary>Replaces the profile.</summary>
    public async Task<FirewallProfileChanged> SetAsync(Actor actor, SetFirewallProfile request, CancellationToken token)
    {
        ChangeOutcome outcome = await EditAsync(actor, request.Change, section => section with { Profile = request.Profile }, token).ConfigureAwait(false);
        return new FirewallProfileChanged(Section.Profile, outcome);
    }

    /// <summary>The thresholds of detection.</summary>
    public FirewallDetection GetDetection() => Section.Detection;

    /// <summary>Replaces the thresholds of detection.</summary>
    public async Task<FirewallDetectionChanged> SetAsync(Actor actor, SetFirewallDetection request, CancellationToken token)
    {
        ChangeOutcome outcome = await EditAsync(actor, request.Change, section => section with { Detection = request.Detection }, token).ConfigureAwait(false);
        return new FirewallDetectionChanged(Section.Detection, outcome);
    }

    /// <summary>Enables or disables groups of rules.</summary>
    public async Task<FirewallRulesChanged> SetAsync(Actor actor, SetFirewallGroups request, CancellationToken token)
    {
        if (request.Groups.Length == 0)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "No group was given.", "groups");
        }

        var wanted = new HashSet<string>(request.Groups, StringComparer.OrdinalIgnoreCase);
        ChangeOutcome outcome = await EditAsync(actor, request.Change, section =>
        {
            foreach (string group in request.Groups)
            {
                bool isDisabled = section.DisabledGroups.Contains(group, StringComparer.OrdinalIgnoreCase);
                if (!section.Rules.Any(rule => string.Equals(rule.Group, group, StringComparison.OrdinalIgnoreCase)) && !(isDisabled && request.Enabled))
                {
                    throw new EngineException(ErrorCatalogue.FirewallItemNotFound, $"No firewall rule is in a group '{group}'.", group);
                }
            }

            string[] others = [.. section.DisabledGroups.Where(group => !wanted.Contains(group))];
            return section with { DisabledGroups = request.Enabled ? others : [.. others, .. request.Groups.Distinct(StringComparer.OrdinalIgnoreCase)] };
        }, token).ConfigureAwait(false);
        FirewallRule[] rules = firewall.List(Section, new ListFirewallRules(Counters: false));
        return new FirewallRulesChanged([.. rules.Where(rule => rule.Group is { } group && wanted.Contains(group))], outcome);
    }

    private static FirewallZonesChanged Zones((FirewallZone[] Items, ChangeOutcome Outcome) changed) => new(changed.Items, changed.Outcome);

    private static FirewallPortListsChanged PortLists((FirewallPortList[] Items, ChangeOutcome Outcome) changed) => new(changed.Items, changed.Outcome);

    private static PortForwardsChanged Forwards((PortForward[] Items, ChangeOutcome Outcome) changed) => new(changed.Items, changed.Outcome);

    private FirewallAddressListsChanged AddressLists((FirewallAddressList[] Items, ChangeOutcome Outcome) changed) => new(Described(changed.Items), changed.Outcome);

    private NatRulesChanged NatRules((NatRule[] Items, ChangeOutcome Outcome) changed) => new(Described(changed.Items), changed.Outcome);

    private Task<ChangeOutcome> EditAsync(Actor actor, ChangeOptions? change, Func<FirewallSection, FirewallSection> edit, CancellationToken token) =>
        configuration.ChangeAsync(actor, change, document => document with { Firewall = edit(document.Firewall) }, token);

    private FirewallAddressList[] Described(FirewallAddressList[] lists)
    {
        var model = firewall.Translator.Translate(Section).Model.AddressLists.ToDictionary(list => list.Id);
        return [.. lists.Select(Describe)];

        FirewallAddressList Describe(FirewallAddressList list)
        {
            AddressListState? state = sources?.StateOf(list.Id);
            int? count = !model.TryGetValue(list.Id, out Net.Firewall.AddressList? known) ? null : known.IsDynamic ? firewall.CountEntries(list.Id) : known.Addresses.Length;
            return list with { EntryCount = count, RefreshedAt = state?.RefreshedAt, Problem = state?.Problem };
        }
    }

    private NatRule[] Described(NatRule[] rules)
    {
        Dictionary<long, long>? counts = NatCounts();
        var places = new Dictionary<long, int>();
        foreach (NatRule rule in Section.NatRules)
        {
            places[rule.Id] = places.Count + 1;
        }

        return [.. rules.Select(rule => rule with { Position = places.TryGetValue(rule.Id, out int place) ? place : null, ConnectionCount = counts?.GetValueOrDefault(rule.Id) })];
    }

    // What an item needs two rules of the model for counts as one.
    private Dictionary<long, long>? NatCounts()
    {
        if (firewall.ReadCounters() is not { } counters)
        {
            return null;
        }

        var counts = new Dictionary<long, long>();
        foreach (Net.Firewall.NatRule rule in firewall.Translator.Translate(Section).Model.NatRules)
        {
            if (counters.TryGetValue(Net.Firewall.FirewallTable.NatCounter(rule.Id), out CounterValue value))
            {
                long owner = GeneratedIds.OwnerOf(rule.Id);
                counts[owner] = counts.GetValueOrDefault(owner) + (long)value.Packets;
            }
        }

        return counts;
    }
}
