using System.Net;
using Net.Contracts;
using Net.Engine.Overlay.Model;
using Net.Overlay.Policy;
using Net.Overlay.Routing;

namespace Net.Engine.Overlay.Policy;

/// <summary>Turns the document's rules into the policy the data path decides by, so that a question about it gets the data path's own answer.</summary>
internal static class PolicyWords
{
    private const byte Icmp = 1;
    private const byte IcmpV6 = 58;

    /// <summary>Compiles the policy of a view.</summary>
    /// <param name="view">The view; peers are numbered by their place in it.</param>
    /// <param name="now">The time to compile for.</param>
    /// <exception cref="FormatException">A rule cannot be understood; the message says why.</exception>
    public static PolicySet Compile(OverlayView view, DateTimeOffset now)
    {
        PolicyPeer[] peers =
        [
            new PolicyPeer(RoutingTable.LocalNode, OverlayView.Self, view.Groups, Hosts(view.Addresses)),
            .. view.Peers.Select((peer, index) => new PolicyPeer(index, peer.Name, peer.Groups, Hosts(peer.Addresses))),
        ];
        PolicyRule[] rules = [.. view.Settings.Policy.Where(rule => rule.Enabled).Select(rule => ToDomain(rule, view))];
        return PolicySet.Compile(rules, peers, now);
    }

    /// <summary>The routes of a view, for questions about addresses behind peers. Every peer counts as reachable.</summary>
    public static RoutingTable Routes(OverlayView view, Func<string, bool> isHealthy) => RoutingTable.Build(view.Routes
        .Where(route => route.Refusal is null)
        .Select(route => new Net.Overlay.Routing.OverlayRoute(
            OverlayPrefix.Parse(route.Prefix.ToString()), (RouteOwner)route.Owner, IndexOf(view, route.Peer), route.Preference, route.Peer is null || isHealthy(route.Peer), route.Source, string.Empty)));

    /// <summary>The place of a peer in a view; this node for none.</summary>
    public static int IndexOf(OverlayView view, string? name) => name is null
        ? RoutingTable.LocalNode
        : Array.FindIndex(view.Peers, peer => string.Equals(peer.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Runs the tests stored beside a policy.</summary>
    /// <returns>A sentence for each that does not hold.</returns>
    public static string[] Failures(OverlayView view, DateTimeOffset now)
    {
        PolicySet policy = Compile(view, now);
        RoutingTable routes = Routes(view, _ => true);
        PolicyTest[] tests = [.. view.Settings.PolicyTests.Select(test => new PolicyTest(
            NameOf(view, test.From), NameOf(view, test.To), ProtocolText(test.Protocol), test.Port ?? 0, test.Expect == OverlayAction.Allow))];
        return [.. PolicyTests.Run(policy, tests, routes).Where(result => !result.IsPassed).Select(result => result.Reason)];
    }

    /// <summary>Asks about one connection.</summary>
    public static PolicyTestResult Ask(OverlayView view, string from, string to, IpProtocol protocol, int? port, DateTimeOffset at) => PolicyTests.Run(
        Compile(view, at), [new PolicyTest(NameOf(view, from), NameOf(view, to), ProtocolText(protocol), port ?? 0, true)], Routes(view, _ => true))[0];

    /// <summary>Why a question came out as it did, in one sentence.</summary>
    public static string Explain(PolicyTestResult result) => result.RuleId is { } rule
        ? $"Rule '{rule}' {(result.IsAllowed == true ? "allows" : "denies")} it."
        : "No rule matches, and what no rule matches is denied.";

    /// <summary>What the document calls a peer or this node, as the policy calls it.</summary>
    private static string NameOf(OverlayView view, string word) =>
        string.Equals(word, view.NodeName, StringComparison.OrdinalIgnoreCase) && view.FindPeer(word) is null ? OverlayView.Self : word;

    private static string ProtocolText(IpProtocol protocol) => protocol switch
    {
        IpProtocol.Tcp => "tcp",
        IpProtocol.Udp => "udp",
        IpProtocol.Icmp => "icmp",
        IpProtocol.Sctp => "sctp",
        _ => ((int)protocol).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static OverlayPrefix[] Hosts(IPAddress[] addresses) => [.. addresses.Select(address => OverlayPrefix.From(address, OverlayNumbers.Bits(address)))];

    private static PolicyRule ToDomain(OverlayPolicyRule rule, OverlayView view) => new()
    {
        Id = rule.Name,
        Allow = rule.Action == OverlayAction.Allow,
        From = Endpoints(rule.From, view),
        To = Endpoints(rule.To, view),
        Protocols = rule.Protocol switch
        {
            null or IpProtocol.Any => IpProtocolSet.All,
            IpProtocol.Icmp => IpProtocolSet.Of(Icmp, IcmpV6),
            { } one => IpProtocolSet.Of((byte)one),
        },
        DestinationPorts = rule.Port.Length == 0 ? PortSet.All : PortSet.Of([.. rule.Port.Select(port => new Net.Overlay.Policy.PortRange((ushort)port.First, (ushort)port.Last))]),
        When = WindowOf(rule),
        Log = true,
        Description = rule.Description,
    };

    private static TimeWindow? WindowOf(OverlayPolicyRule rule)
    {
        if (rule.Days.Length == 0 && rule.StartTime is null && rule.EndTime is null)
        {
            return null;
        }

        PolicyDays days = rule.Days.Length == 0 ? PolicyDays.All : rule.Days.Aggregate(PolicyDays.None, (all, day) => all | (PolicyDays)(1 << (int)day));
        try
        {
            return new TimeWindow(days, rule.StartTime ?? TimeOnly.MinValue, rule.EndTime ?? TimeOnly.MinValue, rule.TimeZone ?? "UTC");
        }
        catch (ArgumentException exception)
        {
            throw new FormatException(exception.Message.Split(" (Parameter", 2)[0], exception);
        }
    }

    private static PolicyEndpoints Endpoints(string[] words, OverlayView view)
    {
        if (words.Contains("*"))
        {
            return PolicyEndpoints.Any;
        }

        List<int> peers = [];
        List<string> groups = [];
        List<OverlayPrefix> prefixes = [];
        foreach (string word in words)
        {
            if (word.StartsWith(OverlayView.GroupPrefix, StringComparison.OrdinalIgnoreCase))
            {
                groups.Add(word[OverlayView.GroupPrefix.Length..]);
            }
            else if (string.Equals(NameOf(view, word), OverlayView.Self, StringComparison.OrdinalIgnoreCase))
            {
                peers.Add(RoutingTable.LocalNode);
            }
            else if (IndexOf(view, word) is >= 0 and int index)
            {
                peers.Add(index);
            }
            else if (OverlayPrefix.TryParse(word, out OverlayPrefix prefix))
            {
                prefixes.Add(prefix);
            }

            // A member that never connected yet is nobody, until it does.
        }

        return new PolicyEndpoints { Peers = peers, Groups = groups, Prefixes = prefixes };
    }
}
