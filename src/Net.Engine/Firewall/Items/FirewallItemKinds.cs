using Net.Contracts;

namespace Net.Engine.Firewall.Items;

/// <summary>The kinds of named items in the firewall's section.</summary>
internal static class FirewallItemKinds
{
    /// <summary>Zones.</summary>
    public static NamedItemKind<FirewallZone> Zones { get; } = new()
    {
        Noun = "zone",
        Get = static section => section.Zones,
        Put = static (section, items) => section with { Zones = items },
        NameOf = static zone => zone.Name,
        UsersOf = FirewallUsers.OfZone,
    };

    /// <summary>Address lists.</summary>
    public static NamedItemKind<FirewallAddressList> AddressLists { get; } = new()
    {
        Noun = "address list",
        Get = static section => section.AddressLists,
        Put = static (section, items) => section with { AddressLists = items },
        NameOf = static list => list.Name,
        IdOf = static list => list.Id,
        WithId = static (list, id) => list with { Id = id },
        UsersOf = FirewallUsers.OfAddressList,
    };

    /// <summary>Port lists.</summary>
    public static NamedItemKind<FirewallPortList> PortLists { get; } = new()
    {
        Noun = "port list",
        Get = static section => section.PortLists,
        Put = static (section, items) => section with { PortLists = items },
        NameOf = static list => list.Name,
        UsersOf = FirewallUsers.OfPortList,
    };

    /// <summary>NAT rules.</summary>
    public static NamedItemKind<NatRule> NatRules { get; } = new()
    {
        Noun = "NAT rule",
        Get = static section => section.NatRules,
        Put = static (section, items) => section with { NatRules = items },
        NameOf = static rule => rule.Name,
        IdOf = static rule => rule.Id,
        WithId = static (rule, id) => rule with { Id = id },
        PositionOf = static rule => rule.Position,
        OtherNames = static section => section.PortForwards.Select(forward => forward.Name),
    };

    /// <summary>Port forwards.</summary>
    public static NamedItemKind<PortForward> PortForwards { get; } = new()
    {
        Noun = "port forward",
        Get = static section => section.PortForwards,
        Put = static (section, items) => section with { PortForwards = items },
        NameOf = static forward => forward.Name,
        IdOf = static forward => forward.Id,
        WithId = static (forward, id) => forward with { Id = id },
        OtherNames = static section => section.NatRules.Select(rule => rule.Name),
    };
}
