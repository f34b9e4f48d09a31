namespace Net.Firewall;

/// <summary>The IP version a rule applies to.</summary>
public enum RuleAddressFamily
{
    /// <summary>Both versions, as far as the rule's addresses allow.</summary>
    Any,

    /// <summary>IPv4 only.</summary>
    IPv4,

    /// <summary>IPv6 only.</summary>
    IPv6,
}
