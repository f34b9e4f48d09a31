using Net.Contracts;

namespace Net.Service.Tests;

/// <summary>Rules and routes the tests use.</summary>
internal static class Rules
{
    public static FirewallRule BlockTcp(string name, ushort port) => new()
    {
        Name = name,
        Direction = RuleDirection.Inbound,
        Action = RuleAction.Block,
        Protocol = IpProtocol.Tcp,
        LocalPort = [PortRange.Parse(port.ToString(System.Globalization.CultureInfo.InvariantCulture), null)],
    };

    public static NetPathRoute Route(string name, string prefix, string? nextHop = null, string? device = null, long? metric = null) => new()
    {
        Name = name,
        DestinationPrefix = AddressRange.Parse(prefix, null),
        NextHop = nextHop,
        InterfaceAlias = device,
        RouteMetric = metric,
    };
}
