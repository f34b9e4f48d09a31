using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes ICMP types (RFC 792, RFC 4443, RFC 4861).</summary>
public sealed class IcmpTypeCompleter : EngineCompleter
{
    private static readonly Candidate[] Types =
    [
        new("echo-request", "Ping"), new("echo-reply", "The answer to a ping"), new("destination-unreachable", "A packet could not be delivered"),
        new("time-exceeded", "TTL ran out, as traceroute uses it"), new("parameter-problem", "A header makes no sense"),
        new("packet-too-big", "The MTU of the path; for IPv4 its code of destination-unreachable"), new("port-unreachable", "Nobody listens"),
        new("host-unreachable", "The host does not answer"), new("network-unreachable", "There is no route"), new("admin-prohibited", "A firewall refused it"),
        new("redirect", "A better next hop"), new("router-solicitation", "Who is a router here"), new("router-advertisement", "A router says so"),
        new("timestamp-request", "IPv4"), new("timestamp-reply", "IPv4"), new("nd-neighbor-solicit", "IPv6 neighbour discovery"),
        new("nd-neighbor-advert", "IPv6 neighbour discovery"), new("nd-router-solicit", "IPv6 neighbour discovery"), new("nd-router-advert", "IPv6 neighbour discovery"),
        new("mld-listener-query", "IPv6 multicast listeners"), new("mld-listener-report", "IPv6 multicast listeners"), new("mld2-listener-report", "IPv6 multicast listeners"),
    ];

    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Candidate>>(Types);
}
