using Net.Contracts;

namespace Net.Engine.Firewall;

/// <summary>Compares rules by all they say, lists by their content.</summary>
internal static class RuleComparer
{
    /// <summary>Whether two rules say the same.</summary>
    public static bool AreSame(FirewallRule a, FirewallRule b) => ReferenceEquals(a, b)
        || (a.Id == b.Id
            && a.Name == b.Name
            && a.Description == b.Description
            && a.Enabled == b.Enabled
            && a.Direction == b.Direction
            && a.Action == b.Action
            && a.Protocol == b.Protocol
            && a.Family == b.Family
            && HaveSamePeers(a, b)
            && a.Group == b.Group
            && a.ExpiresAt == b.ExpiresAt
            && AreSame(a.Schedule, b.Schedule)
            && HaveSameConditions(a, b)
            && HaveSameEffects(a, b));

    /// <summary>Whether two schedules say the same.</summary>
    public static bool AreSame(FirewallSchedule? a, FirewallSchedule? b) => ReferenceEquals(a, b)
        || (a is not null && b is not null
            && Same(a.Day, b.Day)
            && a.From == b.From
            && a.Until == b.Until
            && a.FirstDate == b.FirstDate
            && a.LastDate == b.LastDate
            && a.TimeZone == b.TimeZone);

    private static bool HaveSamePeers(FirewallRule a, FirewallRule b) =>
        Same(a.LocalPort, b.LocalPort)
        && Same(a.RemotePort, b.RemotePort)
        && Same(a.SourcePort, b.SourcePort)
        && Same(a.DestinationPort, b.DestinationPort)
        && Same(a.LocalAddress, b.LocalAddress)
        && Same(a.RemoteAddress, b.RemoteAddress)
        && Same(a.SourceAddress, b.SourceAddress)
        && Same(a.DestinationAddress, b.DestinationAddress)
        && Same(a.InterfaceAlias, b.InterfaceAlias)
        && Same(a.OutInterfaceAlias, b.OutInterfaceAlias)
        && a.Zone == b.Zone
        && a.OutZone == b.OutZone
        && Same(a.LocalAddressList, b.LocalAddressList)
        && Same(a.RemoteAddressList, b.RemoteAddressList)
        && Same(a.SourceAddressList, b.SourceAddressList)
        && Same(a.DestinationAddressList, b.DestinationAddressList)
        && Same(a.LocalPortList, b.LocalPortList)
        && Same(a.RemotePortList, b.RemotePortList)
        && Same(a.SourcePortList, b.SourcePortList)
        && Same(a.DestinationPortList, b.DestinationPortList);

    private static bool HaveSameConditions(FirewallRule a, FirewallRule b) =>
        Same(a.ConnectionState, b.ConnectionState)
        && Same(a.IcmpType, b.IcmpType)
        && a.TcpFlags == b.TcpFlags
        && Same(a.Dscp, b.Dscp)
        && Same(a.PacketLength, b.PacketLength)
        && Same(a.SourceMac, b.SourceMac)
        && a.Mark == b.Mark
        && Same(a.User, b.User)
        && Same(a.UserGroup, b.UserGroup)
        && a.Cgroup == b.Cgroup
        && a.RateLimit == b.RateLimit
        && a.RateBurst == b.RateBurst
        && a.RatePerSource == b.RatePerSource
        && a.AboveRate == b.AboveRate
        && a.ConnectionLimit == b.ConnectionLimit
        && a.ConnectionLimitPerSource == b.ConnectionLimitPerSource
        && a.AboveConnectionLimit == b.AboveConnectionLimit;

    private static bool HaveSameEffects(FirewallRule a, FirewallRule b) =>
        a.Log == b.Log
        && a.RejectWith == b.RejectWith
        && a.SetDscp == b.SetDscp
        && a.SetTtl == b.SetTtl
        && a.SetMark == b.SetMark
        && a.MaxSegmentSize == b.MaxSegmentSize
        && a.AddSourceTo == b.AddSourceTo
        && a.AddSourceFor == b.AddSourceFor;

    private static bool Same<T>(T[] a, T[] b) => ReferenceEquals(a, b) || a.AsSpan().SequenceEqual(b);
}
