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
            && Same(a.LocalPort, b.LocalPort)
            && Same(a.RemotePort, b.RemotePort)
            && Same(a.SourcePort, b.SourcePort)
            && Same(a.DestinationPort, b.DestinationPort)
            && Same(a.LocalAddress, b.LocalAddress)
            && Same(a.RemoteAddress, b.RemoteAddress)
            && Same(a.SourceAddress, b.SourceAddress)
            && Same(a.DestinationAddress, b.DestinationAddress)
            && Same(a.InterfaceAlias, b.InterfaceAlias)
            && Same(a.OutInterfaceAlias, b.OutInterfaceAlias));

    private static bool Same<T>(T[] a, T[] b) => a.AsSpan().SequenceEqual(b);
}
