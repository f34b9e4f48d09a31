using System.Globalization;
using System.Net;
using Net.Contracts;
using Net.Firewall;
using AddressRange = Net.Contracts.AddressRange;
using PortRange = Net.Contracts.PortRange;
using RuleAction = Net.Contracts.RuleAction;
using RuleDirection = Net.Contracts.RuleDirection;

namespace Net.Engine.Firewall.Translation;

/// <summary>The rules that profile, zones and port forwards imply. Before the user's: what keeps a host usable and what is never wanted. After them: port forwards, what zones
/// may reach, the zones' defaults, the profile's defaults. While the profile is not enabled there are only those of zones and port forwards.</summary>
internal sealed class ImpliedRules
{
    private static readonly RuleDirection[] s_directions = [RuleDirection.Inbound, RuleDirection.Outbound, RuleDirection.Forward];

    // RFC 4890 section 4.4.1, without echo: errors, neighbour discovery and its extensions, multicast listeners and routers. For IPv4 the errors of RFC 792.
    private static readonly string[] s_essentialIcmp =
    [
        "destination-unreachable", "packet-too-big", "time-exceeded", "parameter-problem", "nd-router-solicit", "nd-router-advert", "nd-neighbor-solicit", "nd-neighbor-advert",
        "ind-neighbor-solicit", "ind-neighbor-advert", "mld-listener-query", "mld-listener-report", "mld-listener-done", "mld2-listener-report", "certification-path-solicit",
        "certification-path-advert", "multicast-router-advert", "multicast-router-solicit", "multicast-router-termination",
    ];

    // RFC 6890 and its registry: what is not globally reachable. Not link-local IPv6, in which neighbour discovery runs, and which is never forwarded.
    private static readonly AddressRange[] s_bogons =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "::/128", "::1/128", "::ffff:0:0/96", "100::/64", "2001:2::/48", "2001:10::/28", "2001:db8::/32", "3fff::/20",
            "fc00::/7",
        }.Select(AddressRange.Parse),
    ];

    private readonly Func<IPAddress, IPNetwork?>? _connectedPrefix;
    private readonly FirewallSection _section;
    private readonly FirewallProfile _profile;
    private readonly GeneratedIds _ids;
    private readonly Dictionary<string, FirewallZone> _zones = new(StringComparer.OrdinalIgnoreCase);

    public ImpliedRules(FirewallSection section, GeneratedIds ids, Func<IPAddress, IPNetwork?>? connectedPrefix)
    {
        _connectedPrefix = connectedPrefix;
        _section = section;
        _profile = section.Profile;
        _ids = ids;
        foreach (FirewallZone zone in section.Zones)
        {
            _zones.TryAdd(zone.Name, zone);
        }
    }

    /// <summary>Addresses that are not of the public Internet.</summary>
    public static ReadOnlySpan<AddressRange> Bogons => s_bogons;

    /// <summary>The rules before the user's.</summary>
    public List<FirewallRule> Before()
    {
        List<FirewallRule> rules = [];
        if (_profile.Enabled)
        {
            rules.AddRange(s_directions.Select(Established));
            rules.Add(Profile(ProfileRule.Loopback, RuleDirection.Inbound, RuleAction.Allow, "loopback") with { InterfaceAlias = ["lo"] });
            rules.Add(Profile(ProfileRule.Loopback, RuleDirection.Outbound, RuleAction.Allow, "loopback") with { InterfaceAlias = ["lo"] });
            AddHostNeeds(rules, [RuleDirection.Inbound, RuleDirection.Outbound]);
            AddNeverWanted(rules);
        }

        foreach (FirewallZone zone in _section.Zones.Where(zone => zone is { BlockBogons: true, InterfaceAlias.Length: > 0 }))
        {
            rules.Add(Zone(zone, RuleDirection.Inbound, RuleAction.Block, "bogons", _profile is { Enabled: true, LogBlocked: true }) with { RemoteAddress = s_bogons });
            rules.Add(Zone(zone, RuleDirection.Forward, RuleAction.Block, "bogons", _profile is { Enabled: true, LogBlocked: true }) with { SourceAddress = s_bogons });
        }

        if (_profile is { Enabled: true, SynFloodLimit: > 0 })
        {
            rules.Add(Profile(ProfileRule.SynFlood, RuleDirection.Inbound, RuleAction.Block, "SYN flood") with
            {
                Protocol = IpProtocol.Tcp,
                TcpFlags = "syn,!ack,!rst,!fin",
                ConnectionState = [ConnectionState.New],
                RateLimit = string.Create(CultureInfo.InvariantCulture, $"{_profile.SynFloodLimit}/second"),
                RateBurst = _profile.SynFloodLimit,
                RatePerSource = true,
                AboveRate = true,
            });
        }

        return rules;
    }

    /// <summary>The rules after the user's.</summary>
    public List<FirewallRule> After()
    {
        List<FirewallRule> rules = [];
        foreach (PortForward forward in _section.PortForwards)
        {
            rules.Add(Forward(forward));
        }

        FirewallZone[] zones = [.. _section.Zones.Where(zone => zone.InterfaceAlias.Length > 0)];
        if (!_profile.Enabled)
        {
            AddWhatBlockingZonesNeed(rules, zones);
        }

        foreach (FirewallZone zone in zones)
        {
            foreach (string name in zone.ForwardTo)
            {
                if (_zones.TryGetValue(name, out FirewallZone? target) && target.InterfaceAlias.Length > 0)
                {
                    rules.Add(Zone(zone, RuleDirection.Forward, RuleAction.Allow, $"forward to {target.Name}") with { OutInterfaceAlias = target.InterfaceAlias });
                }
            }
        }

        foreach (FirewallZone zone in zones)
        {
            foreach (RuleDirection direction in s_directions)
            {
                if (ActionOf(zone, direction) is { } action)
                {
                    rules.Add(Zone(zone, direction, action, "default", IsLogged(action)));
                }
            }
        }

        if (_profile.Enabled)
        {
            rules.Add(Default(RuleDirection.Inbound, _profile.Inbound));
            rules.Add(Default(RuleDirection.Outbound, _profile.Outbound));
            rules.Add(Default(RuleDirection.Forward, _profile.Forward));
        }

        return rules;
    }

    private static RuleAction? ActionOf(FirewallZone zone, RuleDirection direction) => direction switch
    {
        RuleDirection.Inbound => zone.Inbound,
        RuleDirection.Outbound => zone.Outbound,
        _ => zone.Forward,
    };

    private void AddNeverWanted(List<FirewallRule> rules)
    {
        RuleDirection[] fromOutside = [RuleDirection.Inbound, RuleDirection.Forward];
        if (_profile.BlockInvalid)
        {
            rules.AddRange(fromOutside.Select(direction => Profile(ProfileRule.Invalid, direction, RuleAction.Block, "invalid packets") with { ConnectionState = [ConnectionState.Invalid] }));
        }

        if (_profile.AntiSpoofing)
        {
            rules.AddRange(fromOutside.Select(direction => Profile(ProfileRule.AntiSpoofing, direction, RuleAction.Block, "spoofed sources")));
        }
    }

    // Neighbour discovery and DHCP begin with sources no route leads to, or that are bogons: they come before everything that would block those.
    private void AddHostNeeds(List<FirewallRule> rules, RuleDirection[] directions)
    {
        foreach (RuleDirection direction in directions)
        {
            if (_profile.AllowEssentialIcmp)
            {
                rules.Add(Profile(ProfileRule.EssentialIcmp, direction, RuleAction.Allow, "essential ICMP") with { Protocol = IpProtocol.Icmp, IcmpType = s_essentialIcmp });
            }

            if (_profile.AllowDhcpClient)
            {
                // RFC 2131 section 4.1 and RFC 8415 section 7.2.
                rules.Add(Profile(ProfileRule.Dhcp, direction, RuleAction.Allow, "DHCP client") with
                { Protocol = IpProtocol.Udp, Family = IpFamily.IPv4, LocalPort = [new PortRange(68)], RemotePort = [new PortRange(67)] });
                rules.Add(Profile(ProfileRule.DhcpV6, direction, RuleAction.Allow, "DHCPv6 client") with
                { Protocol = IpProtocol.Udp, Family = IpFamily.IPv6, LocalPort = [new PortRange(546)], RemotePort = [new PortRange(547)] });
            }
        }
    }

    // A default that blocks would else cut the answers to the host's own connections, and IPv6 altogether.
    private void AddWhatBlockingZonesNeed(List<FirewallRule> rules, FirewallZone[] zones)
    {
        RuleDirection[] blocked = [.. s_directions.Where(direction => zones.Any(zone => ActionOf(zone, direction) is RuleAction.Block or RuleAction.Reject))];
        rules.AddRange(blocked.Select(Established));
        AddHostNeeds(rules, [.. blocked.Where(direction => direction != RuleDirection.Forward)]);
    }

    private bool IsLogged(RuleAction action) => _profile is { Enabled: true, LogBlocked: true } && action is RuleAction.Block or RuleAction.Reject;

    private static FirewallRule Established(RuleDirection direction) =>
        Profile(ProfileRule.Established, direction, RuleAction.Allow, "established and related connections") with { ConnectionState = [ConnectionState.Established, ConnectionState.Related] };

    private FirewallRule Default(RuleDirection direction, RuleAction action) => Profile(ProfileRule.Default, direction, action, "default") with { Log = IsLogged(action) };

    private FirewallRule Zone(FirewallZone zone, RuleDirection direction, RuleAction action, string what, bool isLogged = false)
    {
        long id = _ids.Zone($"{direction}|{what}|{zone.Name}");
        return new FirewallRule
        {
            Id = id,
            Name = NameOf($"zone {zone.Name}: {what} ({direction.ToString().ToLowerInvariant()})", id),
            Direction = direction,
            Action = action,
            InterfaceAlias = zone.InterfaceAlias,
            Log = isLogged,
            Origin = $"zone {zone.Name}",
        };
    }

    // A hairpin comes in by an inner interface, which the forward does not name, from hosts its remote addresses need not name either.
    private FirewallRule Forward(PortForward forward)
    {
        long id = GeneratedIds.ForwardRule(forward);
        bool isWider = forward is { Hairpin: true, RemoteAddress.Length: > 0 };
        return new FirewallRule
        {
            Id = id,
            Name = NameOf($"port forward {forward.Name}", id),
            Enabled = forward.Enabled,
            Direction = RuleDirection.Forward,
            Action = RuleAction.Allow,
            Protocol = forward.Protocol,
            SourceAddress = isWider ? [.. forward.RemoteAddress, .. NatTranslator.InnerSide(forward, _connectedPrefix).Select(prefix => AddressRange.Parse(prefix.ToString()!))] : forward.RemoteAddress,
            DestinationAddress = [forward.ToAddress],
            DestinationPort = [forward.ToPort ?? forward.Port],
            InterfaceAlias = forward.Hairpin ? [] : forward.InterfaceAlias,
            Origin = $"port forward {forward.Name}",
        };
    }

    // Names of rules stop at a length that a zone's name alone may have.
    private static string NameOf(string name, long id) => name.Length <= Rule.MaxNameLength ? name
        : string.Create(CultureInfo.InvariantCulture, $"{name.AsSpan(0, 100)}... ({id - Rule.FirstGeneratedId})");

    private static FirewallRule Profile(ProfileRule kind, RuleDirection direction, RuleAction action, string name) => new()
    {
        Id = GeneratedIds.Profile(kind, direction),
        Name = $"{name} ({direction.ToString().ToLowerInvariant()})",
        Direction = direction,
        Action = action,
        Origin = "profile",
    };
}
