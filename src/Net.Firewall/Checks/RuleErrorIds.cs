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

    /// <summary>A range of lengths, users or groups ends before it starts.</summary>
    public const string NumberRangeReversed = "FirewallRuleNumberRangeReversed";

    /// <summary>A number is outside what the field or the kernel can hold.</summary>
    public const string ValueOutOfRange = "FirewallRuleValueOutOfRange";

    /// <summary>A condition on something that packets of this direction do not have.</summary>
    public const string ConditionDirection = "FirewallRuleConditionDirection";

    /// <summary>ICMP types without ICMP, or TCP flags or segment size without TCP.</summary>
    public const string ConditionNeedsProtocol = "FirewallRuleConditionNeedsProtocol";

    /// <summary>A path that no rule can name a control group by.</summary>
    public const string CgroupInvalid = "FirewallRuleCgroupInvalid";

    /// <summary>A rule names an address list that is not there.</summary>
    public const string AddressListUnknown = "FirewallRuleAddressListUnknown";

    /// <summary>A rule names an address list twice.</summary>
    public const string AddressListRepeated = "FirewallRuleAddressListRepeated";

    /// <summary>A rule adds to a list that is not dynamic.</summary>
    public const string AddressListNotDynamic = "FirewallRuleAddressListNotDynamic";

    /// <summary>A dynamic list has addresses of its own.</summary>
    public const string AddressListMixed = "FirewallAddressListMixed";

    /// <summary>An effect that the rule's action leaves without meaning.</summary>
    public const string EffectNeedsAction = "FirewallRuleEffectNeedsAction";

    /// <summary>A time to stay without a list to stay in.</summary>
    public const string EffectNeedsList = "FirewallRuleEffectNeedsList";

    /// <summary>A NAT rule lacks its new address.</summary>
    public const string NatTargetMissing = "FirewallNatTargetMissing";

    /// <summary>A NAT rule has a new address or port that its kind does not take.</summary>
    public const string NatTargetUnexpected = "FirewallNatTargetUnexpected";

    /// <summary>The prefixes of a NAT rule do not go together.</summary>
    public const string NatPrefixMismatch = "FirewallNatPrefixMismatch";

    /// <summary>A NAT rule has an option its kind gives no meaning.</summary>
    public const string NatOptionMeaningless = "FirewallNatOptionMeaningless";
}
