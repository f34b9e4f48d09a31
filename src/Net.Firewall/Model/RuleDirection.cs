namespace Net.Firewall;

/// <summary>Which packets of this host a rule looks at.</summary>
public enum RuleDirection
{
    /// <summary>Packets addressed to this host (nftables hook input).</summary>
    Inbound,

    /// <summary>Packets this host itself sends (nftables hook output).</summary>
    Outbound,

    /// <summary>Packets that pass through this host (nftables hook forward).</summary>
    Forward,
}
