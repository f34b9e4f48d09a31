namespace Net.Contracts;

/// <summary>A rule of the engine's firewall. A rule carries every one of its own ports and addresses, and all of them must match.
/// Rules are looked at in their order; the first that matches decides.</summary>
public sealed record FirewallRule
{
    /// <summary>The stable number the engine gave the rule; 0 until it has one. It never changes and is never used again.</summary>
    public long Id { get; set; }

    /// <summary>The name, unique without regard to case, 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What the rule is for, in the user's words, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the rule takes part.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Which packets it looks at.</summary>
    public RuleDirection Direction { get; set; }

    /// <summary>What happens to a packet that matches.</summary>
    public RuleAction Action { get; set; }

    /// <summary>The protocol above IP.</summary>
    public IpProtocol Protocol { get; set; } = IpProtocol.Any;

    /// <summary>Which versions of IP it applies to.</summary>
    public IpFamily Family { get; set; }

    /// <summary>This host's ports (Inbound: destination, Outbound: source). Empty means any.</summary>
    public PortRange[] LocalPort { get; set; } = [];

    /// <summary>The other host's ports. Empty means any.</summary>
    public PortRange[] RemotePort { get; set; } = [];

    /// <summary>This host's addresses. Empty means any.</summary>
    public AddressRange[] LocalAddress { get; set; } = [];

    /// <summary>The other host's addresses. Empty means any.</summary>
    public AddressRange[] RemoteAddress { get; set; } = [];

    /// <summary>Source ports of a Forward rule. Empty means any.</summary>
    public PortRange[] SourcePort { get; set; } = [];

    /// <summary>Destination ports of a Forward rule. Empty means any.</summary>
    public PortRange[] DestinationPort { get; set; } = [];

    /// <summary>Source addresses of a Forward rule. Empty means any.</summary>
    public AddressRange[] SourceAddress { get; set; } = [];

    /// <summary>Destination addresses of a Forward rule. Empty means any.</summary>
    public AddressRange[] DestinationAddress { get; set; } = [];

    /// <summary>Interfaces the packet came in by (Inbound, Forward) or leaves by (Outbound); a trailing <c>*</c> matches any ending. Empty means any.</summary>
    public string[] InterfaceAlias { get; set; } = [];

    /// <summary>Interfaces a forwarded packet leaves by. Empty means any.</summary>
    public string[] OutInterfaceAlias { get; set; } = [];

    /// <summary>The group it is enabled and disabled with, or null.</summary>
    public string? Group { get; set; }

    /// <summary>When it is taken out; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it is in force; null for always.</summary>
    public FirewallSchedule? Schedule { get; set; }

    /// <summary>The zone the packet comes in from (Inbound, Forward) or leaves into (Outbound); its interfaces are added to <see cref="InterfaceAlias"/>.</summary>
    public string? Zone { get; set; }

    /// <summary>The zone a forwarded packet leaves into.</summary>
    public string? OutZone { get; set; }

    /// <summary>Address lists, one of which holds this host's address; with <see cref="LocalAddress"/> either suffices.</summary>
    public string[] LocalAddressList { get; set; } = [];

    /// <summary>Address lists, one of which holds the other host's address; with <see cref="RemoteAddress"/> either suffices.</summary>
    public string[] RemoteAddressList { get; set; } = [];

    /// <summary>Address lists for the source of a Forward rule.</summary>
    public string[] SourceAddressList { get; set; } = [];

    /// <summary>Address lists for the destination of a Forward rule.</summary>
    public string[] DestinationAddressList { get; set; } = [];

    /// <summary>Port lists whose ports are added to <see cref="LocalPort"/>.</summary>
    public string[] LocalPortList { get; set; } = [];

    /// <summary>Port lists whose ports are added to <see cref="RemotePort"/>.</summary>
    public string[] RemotePortList { get; set; } = [];

    /// <summary>Port lists whose ports are added to <see cref="SourcePort"/>.</summary>
    public string[] SourcePortList { get; set; } = [];

    /// <summary>Port lists whose ports are added to <see cref="DestinationPort"/>.</summary>
    public string[] DestinationPortList { get; set; } = [];

    /// <summary>States of the connection. Empty means any.</summary>
    public ConnectionState[] ConnectionState { get; set; } = [];

    /// <summary>ICMP types: <c>echo-request</c>, <c>destination-unreachable</c>, <c>packet-too-big</c> and others by name for both IP versions, or <c>8</c>, <c>3/4</c> by number. Empty means any.</summary>
    public string[] IcmpType { get; set; } = [];

    /// <summary>TCP flags: <c>syn,!ack,!rst,!fin</c>; those not named do not matter. Null means any.</summary>
    public string? TcpFlags { get; set; }

    /// <summary>Differentiated services code points by name (<c>ef</c>, <c>af41</c>, <c>cs1</c>) or number. Empty means any.</summary>
    public string[] Dscp { get; set; } = [];

    /// <summary>Lengths of the IP packet: <c>100</c>, <c>1000-1500</c>. Empty means any.</summary>
    public string[] PacketLength { get; set; } = [];

    /// <summary>Ethernet addresses of the sender; not with Outbound. Empty means any.</summary>
    public string[] SourceMac { get; set; } = [];

    /// <summary>The packet mark: <c>0x10</c>, <c>0x10/0xff</c>. Null means any.</summary>
    public string? Mark { get; set; }

    /// <summary>Users who send, by name or id; only with Outbound. Empty means any.</summary>
    public string[] User { get; set; } = [];

    /// <summary>Groups that send, by name or id; only with Outbound. Empty means any.</summary>
    public string[] UserGroup { get; set; } = [];

    /// <summary>The control group (v2) of the program, such as <c>system.slice/nginx.service</c>; what is below it matches too. Not with Forward. Null means any.</summary>
    public string? Cgroup { get; set; }

    /// <summary>The rate that packets must be within: <c>10/second</c>, <c>5/minute</c>, <c>2MB/second</c>. Null means any.</summary>
    public string? RateLimit { get; set; }

    /// <summary>What may come at once beyond the rate, in packets or bytes; null for 5 packets.</summary>
    public long? RateBurst { get; set; }

    /// <summary>Whether each source has a rate of its own.</summary>
    public bool RatePerSource { get; set; }

    /// <summary>Whether the rule matches what is above the rate instead.</summary>
    public bool AboveRate { get; set; }

    /// <summary>Connections that match may be there at most; null means any.</summary>
    public int? ConnectionLimit { get; set; }

    /// <summary>Whether each source has that many.</summary>
    public bool ConnectionLimitPerSource { get; set; }

    /// <summary>Whether the rule matches connections above the limit instead.</summary>
    public bool AboveConnectionLimit { get; set; }

    /// <summary>Whether matches are logged.</summary>
    public bool Log { get; set; }

    /// <summary>How a rejected packet's sender is told.</summary>
    public FirewallReject RejectWith { get; set; }

    /// <summary>The code point packets get, by name or number; null leaves it.</summary>
    public string? SetDscp { get; set; }

    /// <summary>The TTL or hop limit packets get, 1 to 255; null leaves it.</summary>
    public int? SetTtl { get; set; }

    /// <summary>The mark packets get: <c>0x10</c>, <c>0x10/0xff</c>; null leaves it.</summary>
    public string? SetMark { get; set; }

    /// <summary>The highest TCP segment size: <c>path</c> for what the route allows, or bytes; null leaves it.</summary>
    public string? MaxSegmentSize { get; set; }

    /// <summary>The dynamic address list the source is put into; null for none.</summary>
    public string? AddSourceTo { get; set; }

    /// <summary>How long it stays there; null for the list's own time.</summary>
    public TimeSpan? AddSourceFor { get; set; }

    /// <summary>What the engine added the rule for (<c>profile</c>, <c>zone lan</c>, <c>port forward web</c>); null for a rule of the user's. Such rules are listed, not changed.</summary>
    public string? Origin { get; set; }

    /// <summary>Whether it is in force now; null in a document.</summary>
    public bool? IsActive { get; set; }

    /// <summary>Why it is not in force: disabled, group, schedule (with the next change), expired; null when it is.</summary>
    public string? InactiveReason { get; set; }

    /// <summary>When the counter last moved, as far as the engine looked; null for never or not read.</summary>
    public DateTimeOffset? LastHit { get; set; }

    /// <summary>Packets a second since the counter was read before; null when it was not.</summary>
    public double? PacketsPerSecond { get; set; }

    /// <summary>The place in the order of all rules, from 1; null in a document, where the order of the list says it.</summary>
    public int? Position { get; set; }

    /// <summary>Packets that matched since the counter began; null when it was not read.</summary>
    public long? PacketCount { get; set; }

    /// <summary>Bytes of these packets; null when the counter was not read.</summary>
    public long? ByteCount { get; set; }
}
