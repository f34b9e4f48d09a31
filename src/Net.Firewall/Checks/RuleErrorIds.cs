namespace Net.Firewall;

/// <summary>Stable ids of everything that can be wrong with a rule. Part of the API: never renamed, never reused.</summary>
public static class RuleErrorIds
{
    /// <summary>The id is not 1 to <see cref="Rule.MaxId"/>.</summary>
    public const string IdInvalid = "FirewallRuleIdInvalid";

    /// <summary>Two rules have the same id.</summary>
    public const string IdDuplicate = "FirewallRuleIdDuplicate";

    /// <summary>The name is empty or blank.</summary>
    public const string NameEmpty = "FirewallRuleNameEmpty";

    /// <summary>The name is longer than <see cref="Rule.MaxNameLength"/>.</summary>
    public const string NameTooLong = "FirewallRuleNameTooLong";

    /// <summary>The name has control characters.</summary>
    public const string NameInvalid = "FirewallRuleNameInvalid";

    /// <summary>Two rules have the same name but for case.</summary>
    public const string NameDuplicate = "FirewallRuleExists";

    /// <summary>An enumeration has a value that is not defined.</summary>
    public const string ValueUnknown = "FirewallRuleValueUnknown";

    /// <summary>Ports without a protocol that has them.</summary>
    public const string PortsNeedProtocol = "FirewallRulePortsNeedProtocol";

    /// <summary>A port range ends before it starts.</summary>
    public const string PortRangeReversed = "FirewallRulePortRangeReversed";

    /// <summary>An address range ends before it starts.</summary>
    public const string AddressRangeReversed = "FirewallRuleAddressRangeReversed";

    /// <summary>An address is not of the rule's family.</summary>
    public const string AddressFamilyMismatch = "FirewallRuleAddressFamilyMismatch";

    /// <summary>Sources are of one family only and destinations of the other: no packet can match.</summary>
    public const string AddressesNeverMatch = "FirewallRuleAddressesNeverMatch";

    /// <summary>The protocol belongs to the other IP version: no packet can match.</summary>
    public const string ProtocolFamilyMismatch = "FirewallRuleProtocolFamilyMismatch";

    /// <summary>An interface name no interface can have.</summary>
    public const string InterfaceNameInvalid = "FirewallRuleInterfaceNameInvalid";

    /// <summary>An interface for the side of the packet that the direction does not have.</summary>
    public const string InterfaceDirection = "FirewallRuleInterfaceDirection";

    /// <summary>A list is longer than its limit.</summary>
    public const string TooManyValues = "FirewallRuleTooManyValues";
}
