using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Net.Overlay.Policy;
using Net.Overlay.Routing;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <summary>A model as the packet loop reads it. Immutable: a new model takes the place of the old one whole.</summary>
internal sealed class CompiledModel
{
    // A rule about ICMP means that of either version (RFC 792, RFC 4443).
    private const byte Icmp = 1;
    private const byte IcmpV6 = 58;

    private readonly PolicyRule[] _rules;
    private readonly PolicyPeer[] _policyPeers;

    private CompiledModel(OverlayModel source, RoutingTable routes, PolicyRule[] rules, PolicyPeer[] policyPeers, PolicySet policy, FrozenDictionary<string, int> byKey)
    {
        Source = source;
        Routes = routes;
        _rules = rules;
        _policyPeers = policyPeers;
        Policy = policy;
        ByKey = byKey;
        OwnPrefixes = [.. source.Addresses.Select(ToHostPrefix), .. source.Peers.SelectMany(peer => peer.Addresses).Select(ToHostPrefix)];
        Resolvers = [.. source.ResolverAddresses.Select(text => IPAddress.Parse(text).GetAddressBytes())];
    }

    /// <summary>What it was made from.</summary>
    public OverlayModel Source { get; }

    /// <summary>The routes.</summary>
    public RoutingTable Routes { get; }

    /// <summary>The policy.</summary>
    public PolicySet Policy { get; private init; }

    /// <summary>Indexes of peers by their public key in hexadecimal.</summary>
    public FrozenDictionary<string, int> ByKey { get; }

    /// <summary>Addresses of the overlay's nodes, whose reverse names are answered.</summary>
    public IReadOnlyList<OverlayPrefix> OwnPrefixes { get; }

    /// <summary>Addresses where names are answered.</summary>
    public byte[][] Resolvers { get; }

    /// <summary>Compiles a model.</summary>
    /// <param name="source">The model.</param>
    /// <param name="isUp">Whether the session of a peer is up: a gateway without one is passed over.</param>
    /// <param name="now">The wall clock, for rules that hold at times.</param>
    public static CompiledModel Compile(OverlayModel source, Func<int, bool> isUp, DateTimeOffset now)
    {
        RoutingTable routes = RoutingTable.Build(source.Routes.Select(route => ToRoute(route, isUp)));
        FrozenDictionary<string, int> names = source.Peers.ToFrozenDictionary(peer => peer.Name, peer => peer.Index, StringComparer.OrdinalIgnoreCase);
        PolicyPeer[] peers =
        [
            new PolicyPeer(RoutingTable.LocalNode, "self", source.Groups, [.. source.Addresses.Select(ToHostPrefix), .. source.Advertised.Select(one => OverlayPrefix.Parse(one.Prefix))]),
            .. source.Peers.Select(peer => new PolicyPeer(
                peer.Index, peer.Name, peer.Groups, [.. peer.Addresses.Select(ToHostPrefix), .. peer.Prefixes.Select(OverlayPrefix.Parse)])),
        ];
        PolicyRule[] rules = [.. source.Rules.Select(rule => ToRule(rule, names))];
        return new CompiledModel(
            source, routes, rules, peers, PolicySet.Compile(rules, peers, now),
            source.Peers.ToFrozenDictionary(peer => Convert.ToHexString(peer.PublicKey), peer => peer.Index, StringComparer.Ordinal));
    }

    /// <summary>The same with gateways judged anew.</summary>
    public CompiledModel WithHealth(Func<int, bool> isUp) => new(
        Source, RoutingTable.Build(Source.Routes.Select(route => ToRoute(route, isUp))), _rules, _policyPeers, Policy, ByKey);

    /// <summary>The same with rules that hold at times judged anew.</summary>
    public CompiledModel At(DateTimeOffset now) => new(Source, Routes, _rules, _policyPeers, PolicySet.Compile(_rules, _policyPeers, now), ByKey);

    /// <summary>Whether two models have the same rules by name, in the same order.</summary>
    public static bool HasSameRules(OverlayModel one, OverlayModel other) =>
        one.Rules.Select(rule => (rule.Name, rule.Allow)).SequenceEqual(other.Rules.Select(rule => (rule.Name, rule.Allow)));

    private static OverlayRoute ToRoute(ModelRoute route, Func<int, bool> isUp)
    {
        RouteOwner owner = route.Owner switch
        {
            "local" => RouteOwner.Local,
            "node" => RouteOwner.Node,
            "gateway" => RouteOwner.Gateway,
            _ => RouteOwner.DefaultGateway,
        };

        // A node's own address has no other way, so it stays selected and packets for it are counted as "peer down".
        bool isHealthy = owner is RouteOwner.Local or RouteOwner.Node || isUp(route.PeerIndex);
        return new OverlayRoute(OverlayPrefix.Parse(route.Prefix), owner, route.PeerIndex, route.Preference, isHealthy, "model", string.Empty);
    }

    /// <summary>The prefix of one address.</summary>
    public static OverlayPrefix ToHostPrefix(string address)
    {
        var parsed = IPAddress.Parse(address);
        return OverlayPrefix.From(parsed, parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 128 : 32);
    }

    private static PolicyRule ToRule(ModelRule rule, FrozenDictionary<string, int> names) => new()
    {
        Id = rule.Name,
        Allow = rule.Allow,
        From = ToEndpoints(rule.From, names),
        To = ToEndpoints(rule.To, names),
        Protocols = rule.Protocol switch
        {
            null => IpProtocolSet.All,
            Icmp => IpProtocolSet.Of(Icmp, IcmpV6),
            { } protocol => IpProtocolSet.Of((byte)protocol),
        },
        DestinationPorts = rule.Ports.Length == 0 ? PortSet.All : PortSet.Of([.. rule.Ports.Select(ToRange)]),
        When = ToWindow(rule),
        Log = true,
    };

    private static PolicyEndpoints ToEndpoints(string[] words, FrozenDictionary<string, int> names)
    {
        if (words.Length == 0 || words.Contains("*"))
        {
            return PolicyEndpoints.Any;
        }

        List<int> peers = [];
        List<string> groups = [];
        List<OverlayPrefix> prefixes = [];
        foreach (string word in words)
        {
            if (word == "self")
            {
                peers.Add(RoutingTable.LocalNode);
            }
            else if (word.StartsWith("group:", StringComparison.Ordinal))
            {
                groups.Add(word["group:".Length..]);
            }
            else if (names.TryGetValue(word, out int index))
            {
                peers.Add(index);
            }
            else if (OverlayPrefix.TryParse(word, out OverlayPrefix prefix))
            {
                prefixes.Add(prefix);
            }
            else if (IPAddress.TryParse(word, out _))
            {
                prefixes.Add(ToHostPrefix(word));
            }

            // A peer that is known by its certificate alone and has not come yet: it matches nothing until then.
        }

        return new PolicyEndpoints { Peers = peers, Groups = groups, Prefixes = prefixes };
    }

    private static PortRange ToRange(string text)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        ushort first = ushort.Parse(dash < 0 ? text : text[..dash], CultureInfo.InvariantCulture);
        return new PortRange(first, dash < 0 ? first : ushort.Parse(text[(dash + 1)..], CultureInfo.InvariantCulture));
    }

    private static TimeWindow? ToWindow(ModelRule rule)
    {
        if (rule.Days.Length == 0 && rule.StartTime is null && rule.EndTime is null)
        {
            return null;
        }

        PolicyDays days = rule.Days.Length == 0 ? PolicyDays.All : rule.Days.Aggregate(PolicyDays.None, (all, day) => all | (PolicyDays)(1 << (int)day));
        return new TimeWindow(days, rule.StartTime ?? TimeOnly.MinValue, rule.EndTime ?? TimeOnly.MinValue, rule.TimeZone ?? "UTC");
    }
}
