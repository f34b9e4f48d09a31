namespace Net.Contracts;

/// <summary>What holds before and after all rules. While it is not enabled, what no rule decides passes.</summary>
public sealed record FirewallProfile
{
    /// <summary>Whether it is in force.</summary>
    public bool Enabled { get; set; }

    /// <summary>What happens to packets to this host that no rule and no zone decides.</summary>
    public RuleAction Inbound { get; set; } = RuleAction.Block;

    /// <summary>What happens to packets of this host that no rule and no zone decides.</summary>
    public RuleAction Outbound { get; set; } = RuleAction.Allow;

    /// <summary>What happens to forwarded packets that no rule and no zone decides.</summary>
    public RuleAction Forward { get; set; } = RuleAction.Block;

    /// <summary>Whether ICMPv6 neighbour discovery and multicast listener messages (RFC 4890 section 4.4) and ICMP errors always pass.</summary>
    public bool AllowEssentialIcmp { get; set; } = true;

    /// <summary>Whether answers to this host's own DHCP and DHCPv6 requests pass; they belong to no connection, since requests go to everybody.</summary>
    public bool AllowDhcpClient { get; set; } = true;

    /// <summary>Whether packets that fit no connection and begin none are blocked.</summary>
    public bool BlockInvalid { get; set; } = true;

    /// <summary>Whether packets are blocked to whose source no route goes out by the interface they came in by (RFC 3704, strict).</summary>
    public bool AntiSpoofing { get; set; } = true;

    /// <summary>SYN packets a second each source may send to this host before more are blocked; 0 for no limit.</summary>
    public int SynFloodLimit { get; set; } = 200;

    /// <summary>Whether what no rule decides and is blocked is logged.</summary>
    public bool LogBlocked { get; set; }

    /// <summary>Whether packets and bytes of each connection are counted (net.netfilter.nf_conntrack_acct), for top talkers and lists of connections. It holds for connections that
    /// begin afterwards, also while the profile is not enabled; where it is off, the kernel's setting is left as it is.</summary>
    public bool ConnectionAccounting { get; set; }

    /// <summary>Whether TCP connections that stand when the profile is enabled go on.</summary>
    public bool KeepSessions { get; set; } = true;
}
