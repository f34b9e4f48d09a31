namespace Net.Firewall;

/// <summary>What happens to a packet that a rule matches.</summary>
public enum RuleAction
{
    /// <summary>The packet passes and no later rule of ours is asked.</summary>
    Allow,

    /// <summary>The packet is dropped without an answer.</summary>
    Block,

    /// <summary>The packet is dropped and its sender told: TCP by a reset, everything else by an ICMP error.</summary>
    Reject,

    /// <summary>The rule counts and does what else it does, and later rules decide.</summary>
    Continue,
}
