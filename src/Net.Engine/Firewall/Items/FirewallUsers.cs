using Net.Contracts;

namespace Net.Engine.Firewall.Items;

/// <summary>Who of a section names a zone, list or group.</summary>
internal static class FirewallUsers
{
    /// <summary>Who uses a zone.</summary>
    public static IEnumerable<string> OfZone(FirewallSection section, string name) =>
        section.Rules.Where(rule => Same(rule.Zone, name) || Same(rule.OutZone, name)).Select(Describe)
            .Concat(section.Zones.Where(zone => !Same(zone.Name, name) && Has(zone.ForwardTo, name)).Select(zone => $"zone '{zone.Name}'"));

    /// <summary>Who uses an address list.</summary>
    public static IEnumerable<string> OfAddressList(FirewallSection section, string name) =>
        section.Rules.Where(rule => Same(rule.AddSourceTo, name) || Has(rule.LocalAddressList, name) || Has(rule.RemoteAddressList, name)
                || Has(rule.SourceAddressList, name) || Has(rule.DestinationAddressList, name)).Select(Describe)
            .Concat(section.AddressLists.Where(list => !Same(list.Name, name) && Has(list.List, name)).Select(list => $"address list '{list.Name}'"))
            .Concat(Same(section.Detection.BanList, name) ? ["detection"] : []);

    /// <summary>Who uses a port list.</summary>
    public static IEnumerable<string> OfPortList(FirewallSection section, string name) =>
        section.Rules.Where(rule => Has(rule.LocalPortList, name) || Has(rule.RemotePortList, name) || Has(rule.SourcePortList, name) || Has(rule.DestinationPortList, name)).Select(Describe)
            .Concat(section.PortLists.Where(list => !Same(list.Name, name) && Has(list.List, name)).Select(list => $"port list '{list.Name}'"));

    private static string Describe(FirewallRule rule) => $"rule '{rule.Name}'";

    private static bool Has(string[] names, string name) => names.Length > 0 && names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool Same(string? a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
