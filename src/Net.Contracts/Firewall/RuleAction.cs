using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What happens to a packet that matches a firewall rule.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RuleAction>))]
public enum RuleAction
{
    /// <summary>It passes, and later rules are not looked at.</summary>
    Allow,

    /// <summary>It disappears without an answer.</summary>
    Block,

    /// <summary>It is refused with an answer: TCP reset, or ICMP unreachable.</summary>
    Reject,

    /// <summary>It is counted, logged, marked or limited as the rule says, and later rules decide.</summary>
    Continue,
}
