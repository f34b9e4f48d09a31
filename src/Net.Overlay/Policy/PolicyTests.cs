using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Net.Overlay.Flows;
using Net.Overlay.Routing;

namespace Net.Overlay.Policy;

/// <summary>Asks a policy what its tests expect, and answers "would A reach B, and by which rule".</summary>
public static class PolicyTests
{
    // A client's port is of no account to rules; this one is the first ephemeral port of RFC 6335.
    private const ushort ClientPort = 49152;

    /// <summary>Runs tests.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="tests">The tests.</param>
    /// <param name="routes">Says which peer an address is at; null when only peers' own addresses are asked about.</param>
    /// <returns>One result for each test, in order.</returns>
    public static IReadOnlyList<PolicyTestResult> Run(PolicySet policy, IReadOnlyList<PolicyTest> tests, RoutingTable? routes = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(tests);
        return [.. tests.Select(test => Run(policy, test, routes))];
    }

    private static PolicyTestResult Run(PolicySet policy, PolicyTest test, RoutingTable? routes)
    {
        if (!TryResolve(policy, test.From, routes, out List<End>? from, out string? problem)
            || !TryResolve(policy, test.To, routes, out List<End>? to, out problem)
            || !TryProtocol(test.Protocol, out byte protocol, out problem)
            || !TryPort(test, protocol, out problem))
        {
            return new PolicyTestResult(test, false, null, null, problem);
        }

        // A peer by name may have addresses of both families; a pair of one family is what a packet can have.
        foreach (End source in from)
        {
            foreach (End destination in to)
            {
                if (source.Address.IsIPv6 == destination.Address.IsIPv6)
                {
                    return Ask(policy, test, source, destination, protocol);
                }
            }
        }

        return new PolicyTestResult(test, false, null, null, $"'{test.From}' and '{test.To}' have no address family in common.");
    }

    private static PolicyTestResult Ask(PolicySet policy, PolicyTest test, End source, End destination, byte protocol)
    {
        Span<byte> from = stackalloc byte[16];
        Span<byte> to = stackalloc byte[16];
        int bytes = source.Address.WriteAddress(from);
        destination.Address.WriteAddress(to);
        bool isIcmp = protocol is IpProtocols.Icmp or IpProtocols.IcmpV6;
        byte actual = isIcmp ? (bytes == 16 ? IpProtocols.IcmpV6 : IpProtocols.Icmp) : protocol;
        var key = new FlowKey(from[..bytes], to[..bytes], actual, IpProtocols.HasPorts(protocol) ? ClientPort : (ushort)0, (ushort)test.Port);
        PolicyDecision decision = policy.Evaluate(in key, source.Peer, destination.Peer);
        string? rule = decision.RuleIndex == PolicyDecision.DefaultRule ? null : policy.Rules[decision.RuleIndex].Id;
        bool isPassed = decision.IsAllowed == test.Expect;
        string by = rule is not null ? $"rule '{rule}' {(decision.IsAllowed ? "allows" : "denies")} it"
            : decision.IsAllowed ? "no rule matches, and what this node opens is allowed then"
            : "no rule matches, and the default denies";
        string reason = string.Create(
            CultureInfo.InvariantCulture,
            $"{test.From} to {test.To} {test.Protocol}{(test.Port > 0 ? $" port {test.Port}" : "")}: {by}{(isPassed ? "" : $", but it is expected to be {(test.Expect ? "allowed" : "denied")}")}.");
        return new PolicyTestResult(test, isPassed, decision.IsAllowed, rule, reason);
    }

    private static bool TryResolve(PolicySet policy, string text, RoutingTable? routes, [NotNullWhen(true)] out List<End>? ends, [NotNullWhen(false)] out string? problem)
    {
        ends = null;
        problem = null;
        if (policy.Peers.FirstOrDefault(peer => string.Equals(peer.Name, text, StringComparison.OrdinalIgnoreCase)) is { } named)
        {
            ends = [.. named.Prefixes.Select(prefix => new End(named.Index, prefix))];
            problem = ends.Count == 0 ? $"The peer '{text}' has no address." : null;
            return ends.Count > 0;
        }

        if (!OverlayPrefix.TryParse(text, out OverlayPrefix address) || address.Length != (address.IsIPv6 ? 128 : 32))
        {
            problem = $"'{text}' is neither a peer nor an address.";
            return false;
        }

        PolicyPeer? owner = policy.Peers.FirstOrDefault(peer => peer.Prefixes.Any(prefix => prefix.Contains(in address)));
        Span<byte> bytes = stackalloc byte[16];
        int peerIndex = owner?.Index ?? routes?.Lookup(bytes[..address.WriteAddress(bytes)]) ?? RoutingTable.NoRoute;
        if (peerIndex == RoutingTable.NoRoute)
        {
            problem = $"No route leads to '{text}'.";
            return false;
        }

        ends = [new End(peerIndex, address)];
        return true;
    }

    private static bool TryProtocol(string text, out byte protocol, [NotNullWhen(false)] out string? problem)
    {
        protocol = text.ToUpperInvariant() switch
        {
            "TCP" => IpProtocols.Tcp,
            "UDP" => IpProtocols.Udp,
            "ICMP" => IpProtocols.Icmp,
            "SCTP" => IpProtocols.Sctp,
            _ => 0,
        };
        bool isKnown = protocol != 0 || byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out protocol);
        problem = isKnown ? null : $"'{text}' is not tcp, udp, icmp, sctp or a protocol number.";
        return isKnown;
    }

    private static bool TryPort(PolicyTest test, byte protocol, [NotNullWhen(false)] out string? problem)
    {
        problem = test.Port is < 0 or > ushort.MaxValue ? $"{test.Port.ToString(CultureInfo.InvariantCulture)} is no port."
            : test.Port == 0 && IpProtocols.HasPorts(protocol) ? $"A test of {test.Protocol} names a port."
            : null;
        return problem is null;
    }

    private readonly record struct End(int Peer, OverlayPrefix Address);
}
