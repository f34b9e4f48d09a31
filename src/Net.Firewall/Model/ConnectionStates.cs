namespace Net.Firewall;

/// <summary>States of a tracked connection, as the kernel sees them (linux/netfilter/nf_conntrack_common.h).</summary>
[Flags]
public enum ConnectionStates
{
    /// <summary>Asks nothing.</summary>
    None = 0,

    /// <summary>The packet begins a connection.</summary>
    New = 1,

    /// <summary>Packets were seen in both directions.</summary>
    Established = 2,

    /// <summary>The packet belongs to another connection, such as an ICMP error or FTP data.</summary>
    Related = 4,

    /// <summary>The packet fits no connection and begins none.</summary>
    Invalid = 8,

    /// <summary>The packet is not tracked.</summary>
    Untracked = 16,
}
