using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Requests;

/// <summary>The kinds of things the firewall is made of.</summary>
internal static class FirewallFamilies
{
    /// <summary>Rules.</summary>
    public static readonly ItemFamily<FirewallRule> Rule = Of(
        ItemKinds.FirewallRule,
        name => new FirewallRule { Name = name },
        rule => rule with
        {
            Origin = null,
            IsActive = null,
            InactiveReason = null,
            LastHit = null,
            PacketsPerSecond = null,
            Position = null,
            PacketCount = null,
            ByteCount = null,
        },
        rule => $"{rule.Action} {rule.Direction} {rule.Protocol}",
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(items, Change: change), token),
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallSetRules, new SetFirewallRules(items, change), token),
        (engine, names, change, token) => engine.CallAsync(EngineApi.FirewallRemoveRules, new RemoveFirewallRules(names, change), token),
        changed => (changed.Rules, changed.Outcome)) with
    { KindToChange = ItemKinds.FirewallRuleToChange };

    /// <summary>Address lists.</summary>
    public static readonly ItemFamily<FirewallAddressList> AddressList = Of(
        new ItemKind<FirewallAddressList>(
            "address list",
            ErrorCatalogue.FirewallItemNotFound,
            list => [list.Name],
            list => list.Id,
            (engine, names, token) => engine.CallAsync(EngineApi.FirewallListAddressLists, new ListFirewallAddressLists(names), token)),
        name => new FirewallAddressList { Name = name },
        list => list with { EntryCount = null, RefreshedAt = null, Problem = null },
        list => list.Dynamic ? "dynamic" : $"{list.EntryCount ?? list.Address.Length} entries",
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallCreateAddressLists, new CreateFirewallAddressLists(items, change), token),
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallSetAddressLists, new SetFirewallAddressLists(items, change), token),
        (engine, names, change, token) => engine.CallAsync(EngineApi.FirewallRemoveAddressLists, new RemoveFirewallAddressLists(names, change), token),
        changed => (changed.Lists, changed.Outcome));

    /// <summary>Port lists.</summary>
    public static readonly ItemFamily<FirewallPortList> PortList = Of(
        new ItemKind<FirewallPortList>(
            "port list",
            ErrorCatalogue.FirewallItemNotFound,
            list => [list.Name],
            _ => 0,
            (engine, names, token) => engine.CallAsync(EngineApi.FirewallListPortLists, new ListFirewallPortLists(names), token)),
        name => new FirewallPortList { Name = name },
        list => list with { },
        list => $"ports {string.Join(',', list.Port)}",
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallCreatePortLists, new CreateFirewallPortLists(items, change), token),
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallSetPortLists, new SetFirewallPortLists(items, change), token),
        (engine, names, change, token) => engine.CallAsync(EngineApi.FirewallRemovePortLists, new RemoveFirewallPortLists(names, change), token),
        changed => (changed.Lists, changed.Outcome));

    /// <summary>Zones.</summary>
    public static readonly ItemFamily<FirewallZone> Zone = Of(
        new ItemKind<FirewallZone>(
            "zone",
            ErrorCatalogue.FirewallItemNotFound,
            zone => [zone.Name],
            _ => 0,
            (engine, names, token) => engine.CallAsync(EngineApi.FirewallListZones, new ListFirewallZones(names), token)),
        name => new FirewallZone { Name = name },
        zone => zone with { },
        zone => $"interfaces {string.Join(',', zone.InterfaceAlias)}",
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallCreateZones, new CreateFirewallZones(items, change), token),
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallSetZones, new SetFirewallZones(items, change), token),
        (engine, names, change, token) => engine.CallAsync(EngineApi.FirewallRemoveZones, new RemoveFirewallZones(names, change), token),
        changed => (changed.Zones, changed.Outcome));

    /// <summary>NAT rules.</summary>
    public static readonly ItemFamily<NatRule> Nat = Of(
        new ItemKind<NatRule>(
            "NAT rule",
            ErrorCatalogue.FirewallItemNotFound,
            rule => [rule.Name],
            rule => rule.Id,
            (engine, names, token) => engine.CallAsync(EngineApi.FirewallListNatRules, new ListNatRules(names), token)),
        name => new NatRule { Name = name },
        rule => rule with { Position = null, ConnectionCount = null },
        rule => $"{rule.Kind} {rule.ToAddress}".TrimEnd(),
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallCreateNatRules, new CreateNatRules(items, change), token),
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallSetNatRules, new SetNatRules(items, change), token),
        (engine, names, change, token) => engine.CallAsync(EngineApi.FirewallRemoveNatRules, new RemoveNatRules(names, change), token),
        changed => (changed.Rules, changed.Outcome));

    /// <summary>Port forwards. A new one gets the host behind from the parts the user must give.</summary>
    public static readonly ItemFamily<PortForward> Forward = Of(
        new ItemKind<PortForward>(
            "port forward",
            ErrorCatalogue.FirewallItemNotFound,
            forward => [forward.Name],
            forward => forward.Id,
            (engine, names, token) => engine.CallAsync(EngineApi.FirewallListPortForwards, new ListPortForwards(names), token)),
        name => new PortForward { Name = name, ToAddress = AddressRange.Parse("0.0.0.0") },
        forward => forward with { ConnectionCount = null },
        forward => $"{forward.Protocol} {forward.Port} to {forward.ToAddress}",
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallCreatePortForwards, new CreatePortForwards(items, change), token),
        (engine, items, change, token) => engine.CallAsync(EngineApi.FirewallSetPortForwards, new SetPortForwards(items, change), token),
        (engine, names, change, token) => engine.CallAsync(EngineApi.FirewallRemovePortForwards, new RemovePortForwards(names, change), token),
        changed => (changed.Forwards, changed.Outcome));

    /// <summary>The profile, of which there is one.</summary>
    public static readonly ItemFamily<FirewallProfile> Profile = Settings(
        "firewall profile",
        async (engine, token) => await engine.CallAsync(EngineApi.FirewallGetProfile, new GetFirewallProfile(), token).ConfigureAwait(false),
        profile => profile with { },
        async (engine, profile, change, token) =>
        {
            FirewallProfileChanged changed = await engine.CallAsync(EngineApi.FirewallSetProfile, new SetFirewallProfile(profile, change), token).ConfigureAwait(false);
            return ([changed.Profile], changed.Outcome);
        });

    /// <summary>The thresholds of detection, of which there is one set.</summary>
    public static readonly ItemFamily<FirewallDetection> Detection = Settings(
        "detection of the firewall",
        async (engine, token) => await engine.CallAsync(EngineApi.FirewallGetDetection, new GetFirewallDetection(), token).ConfigureAwait(false),
        detection => detection with { },
        async (engine, detection, change, token) =>
        {
            FirewallDetectionChanged changed = await engine.CallAsync(EngineApi.FirewallSetDetection, new SetFirewallDetection(detection, change), token).ConfigureAwait(false);
            return ([changed.Detection], changed.Outcome);
        });

    private static readonly Dictionary<Type, object> ByType = new object[] { Rule, AddressList, PortList, Zone, Nat, Forward, Profile, Detection }
        .ToDictionary(family => family.GetType().GenericTypeArguments[0]);

    /// <summary>The family of a record.</summary>
    public static ItemFamily<T> Of<T>()
        where T : class => (ItemFamily<T>)ByType[typeof(T)];

    private static ItemFamily<T> Of<T, TChanged>(
        ItemKind<T> kind,
        Func<string, T> create,
        Func<T, T> document,
        Func<T, string> summary,
        Func<IEngineCaller, T[], ChangeOptions, CancellationToken, Task<TChanged>> createAsync,
        Func<IEngineCaller, T[], ChangeOptions, CancellationToken, Task<TChanged>> setAsync,
        Func<IEngineCaller, string[], ChangeOptions, CancellationToken, Task<TChanged>> removeAsync,
        Func<TChanged, (T[] Items, ChangeOutcome Outcome)> result)
        where T : class =>
        new(kind, create, document, summary)
        {
            CreateAsync = async (engine, items, change, token) => result(await createAsync(engine, items, change, token).ConfigureAwait(false)),
            SetAsync = async (engine, items, change, token) => result(await setAsync(engine, items, change, token).ConfigureAwait(false)),
            RemoveAsync = async (engine, names, change, token) => result(await removeAsync(engine, names, change, token).ConfigureAwait(false)),
        };

    // What there is one of is neither made nor removed, and its noun is its name.
    private static ItemFamily<T> Settings<T>(
        string noun,
        Func<IEngineCaller, CancellationToken, Task<T>> read,
        Func<T, T> copy,
        Func<IEngineCaller, T, ChangeOptions, CancellationToken, Task<(T[] Items, ChangeOutcome Outcome)>> write)
        where T : class
    {
        var kind = new ItemKind<T>(noun, ErrorCatalogue.ArgumentInvalid, _ => [noun], _ => 0, async (engine, _, token) => [await read(engine, token).ConfigureAwait(false)]);
        return new ItemFamily<T>(kind, _ => throw new NotSupportedException(), copy, _ => noun)
        {
            CreateAsync = (_, _, _, _) => throw new NotSupportedException(),
            SetAsync = (engine, items, change, token) => write(engine, items[0], change, token),
            RemoveAsync = (_, _, _, _) => throw new NotSupportedException(),
        };
    }
}
