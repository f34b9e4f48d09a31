using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes ICMP types (RFC 792, RFC 4443, RFC 4861).</summary>
public sealed class IcmpTypeCompleter : EngineCompleter
{
    private static readonly Candidate[] Types =
    [
        new("echo-request", "Ping"), new("echo-reply", "The answer to a ping"), new("destination-unreachable", "A packet could not be delivered"),
        new("time-exceeded", "TTL ran out, as traceroute uses it"), new("parameter-problem", "A header makes no sense"),
        new("packet-too-big", "IPv6: the MTU of the path"), new("redirect", "A better next hop"), new("timestamp-request", "IPv4"), new("timestamp-reply", "IPv4"),
        new("router-solicitation", "IPv6 neighbour discovery"), new("router-advertisement", "IPv6 neighbour discovery"),
        new("neighbour-solicitation", "IPv6 neighbour discovery"), new("neighbour-advertisement", "IPv6 neighbour discovery"),
    ];

    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Candidate>>(Types);
}
