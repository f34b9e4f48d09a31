using System.Net;
using System.Net.Sockets;

namespace Net.Platform;

/// <summary>One policy routing rule: which packets look into which table.</summary>
public sealed record RuleInfo
{
    /// <summary>IPv4 or IPv6.</summary>
    public required AddressFamily Family { get; init; }

    /// <summary>Order: lower is asked first.</summary>
    public required uint Priority { get; init; }

    /// <summary>Routing table to look into; 0 when the action is not a lookup.</summary>
    public uint Table { get; init; }

    /// <summary>What to do; see <see cref="RuleAction"/>.</summary>
    public RuleAction Action { get; init; } = RuleAction.ToTable;

    /// <summary>Firewall mark to match; null for any.</summary>
    public uint? FirewallMark { get; init; }

    /// <summary>Bits of the mark that count; null for all.</summary>
    public uint? FirewallMask { get; init; }

    /// <summary>Source prefix; null for any.</summary>
    public IPNetwork? Source { get; init; }

    /// <summary>Destination prefix; null for any.</summary>
    public IPNetwork? Destination { get; init; }

    /// <summary>Interface the packet came in by; null for any.</summary>
    public string? InputInterface { get; init; }

    /// <summary>Interface the sender's socket is bound to; null for any.</summary>
    public string? OutputInterface { get; init; }

    /// <summary>First user id of local senders; null for any.</summary>
    public uint? UidStart { get; init; }

    /// <summary>Last user id of local senders; null for any.</summary>
    public uint? UidEnd { get; init; }

    /// <summary>Protocol above IP, as in /etc/protocols; null for any.</summary>
    public byte? IpProtocol { get; init; }

    /// <summary>Lowest destination port; null for any. Needs a protocol with ports.</summary>
    public ushort? DestinationPortStart { get; init; }

    /// <summary>Highest destination port; null for the lowest alone.</summary>
    public ushort? DestinationPortEnd { get; init; }

    /// <summary>Ignores routes whose prefix is at most this long; null for none. 0 means "everything but default routes".</summary>
    public int? SuppressPrefixLength { get; init; }

    /// <summary>Whether it holds for packets that do not match.</summary>
    public bool IsInverted { get; init; }

    /// <summary>Who put it there, see <see cref="RouteProtocols"/>.</summary>
    public byte Protocol { get; init; } = RouteProtocols.NetModule;
}
