namespace Net.Contracts;

/// <content>The firewall beyond its rules.</content>
public static partial class ErrorCatalogue
{
    /// <summary>No address list has that name.</summary>
    public static readonly ErrorDefinition FirewallAddressListNotFound = new("FirewallAddressListNotFound", ErrorCode.NotFound, "No address list has that name.", "List them with Get-FirewallAddressList or 'netmod firewall address-list list'.");

    /// <summary>No port list has that name.</summary>
    public static readonly ErrorDefinition FirewallPortListNotFound = new("FirewallPortListNotFound", ErrorCode.NotFound, "No port list has that name.", "List them with Get-FirewallPortList or 'netmod firewall port-list list'.");

    /// <summary>No zone has that name.</summary>
    public static readonly ErrorDefinition FirewallZoneNotFound = new("FirewallZoneNotFound", ErrorCode.NotFound, "No zone has that name.", "List them with Get-FirewallZone or 'netmod firewall zone list'.");

    /// <summary>No rule names that group.</summary>
    public static readonly ErrorDefinition FirewallGroupNotFound = new("FirewallGroupNotFound", ErrorCode.NotFound, "No firewall rule is in a group of that name.", "Get-FirewallRule | Group-Object Group shows the groups.");

    /// <summary>No NAT rule has that name.</summary>
    public static readonly ErrorDefinition NatRuleNotFound = new("NatRuleNotFound", ErrorCode.NotFound, "No NAT rule has that name.", "List them with Get-NatRule or 'netmod firewall nat list'.");

    /// <summary>No port forward has that name.</summary>
    public static readonly ErrorDefinition PortForwardNotFound = new("PortForwardNotFound", ErrorCode.NotFound, "No port forward has that name.", "List them with Get-PortForward or 'netmod firewall forward list'.");

    private static ErrorDefinition[] FirewallDefinitions =>
    [
        FirewallAddressListNotFound, FirewallPortListNotFound, FirewallZoneNotFound, FirewallGroupNotFound, NatRuleNotFound, PortForwardNotFound,
    ];
}
