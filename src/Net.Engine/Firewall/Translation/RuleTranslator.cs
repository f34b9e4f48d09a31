using System.Collections.Immutable;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Firewall.Time;
using Net.Firewall;
using AddressRange = Net.Contracts.AddressRange;
using PortRange = Net.Contracts.PortRange;
using RuleDirection = Net.Contracts.RuleDirection;

namespace Net.Engine.Firewall.Translation;

/// <summary>Turns single rules into rules of the model: local and remote become source and destination, zones interfaces, names numbers, texts values.</summary>
internal sealed class RuleTranslator
{
    private readonly Dictionary<string, FirewallZone> _zones = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _disabledGroups;
    private readonly PortLists _ports;
    private readonly AddressLists _lists;
    private readonly IAccountNames? _accounts;
    private readonly TimeZoneInfo _localZone;

    public RuleTranslator(FirewallSection section, AddressLists lists, IAccountNames? accounts, TimeZoneInfo localZone)
    {
        _disabledGroups = new HashSet<string>(section.DisabledGroups, StringComparer.OrdinalIgnoreCase);
        _ports = new PortLists(section.PortLists);
        _lists = lists;
        _accounts = accounts;
        _localZone = localZone;
        foreach (FirewallZone zone in section.Zones)
        {
            _zones.TryAdd(zone.Name, zone);
        }
    }

    /// <summary>Whether a rule is in force at an instant, as far as its switch, group, expiry and schedule say.</summary>
    public RuleActivity ActivityOf(FirewallRule rule, DateTimeOffset now)
    {
        if (!rule.Enabled)
        {
            return new RuleActivity(false, "disabled", null);
        }

        if (rule.Group is { } group && _disabledGroups.Contains(group))
        {
            return new RuleActivity(false, $"the group {group} is disabled", null);
        }

        if (rule.ExpiresAt <= now)
        {
            return new RuleActivity(false, "expired", null);
        }

        if (rule.Schedule is not { } schedule)
        {
            return new RuleActivity(true, null, rule.ExpiresAt);
        }

        if (FirewallSchedules.ZoneOf(schedule, _localZone) is not { } zone)
        {
            return new RuleActivity(false, $"the time zone {schedule.TimeZone} is not known here", rule.ExpiresAt);
        }

        (bool isInForce, DateTimeOffset? change) = FirewallSchedules.At(schedule, zone, now);
        DateTimeOffset? next = change is null || rule.ExpiresAt < change ? rule.ExpiresAt : change;
        string? reason = isInForce ? null : change is { } at ? FormattableString.Invariant($"the schedule begins at {at:yyyy-MM-dd HH:mm:ss} UTC") : "the schedule is over";
        return new RuleActivity(isInForce, reason, next);
    }

    /// <summary>The model of a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="report">Hears what is wrong: the property as the document names it, and a sentence.</param>
    /// <param name="isEmptyMatch">Whether something it must match is empty (a zone without interfaces, a port list without ports), so that nothing can match.</param>
    public Rule Translate(FirewallRule rule, Action<string, string> report, out string? isEmptyMatch)
    {
        string? empty = null;
        bool isOutbound = rule.Direction == RuleDirection.Outbound;
        (AddressRange[] sourceAddress, AddressRange[] destinationAddress) = rule.Direction switch
        {
            RuleDirection.Inbound => (rule.RemoteAddress, rule.LocalAddress),
            RuleDirection.Outbound => (rule.LocalAddress, rule.RemoteAddress),
            _ => (rule.SourceAddress, rule.DestinationAddress),
        };
        PortRange[] localPort = Ports("localPortList", rule.LocalPort, rule.LocalPortList);
        PortRange[] remotePort = Ports("remotePortList", rule.RemotePort, rule.RemotePortList);
        (PortRange[] sourcePort, PortRange[] destinationPort) = rule.Direction switch
        {
            RuleDirection.Inbound => (remotePort, localPort),
            RuleDirection.Outbound => (localPort, remotePort),
            _ => (Ports("sourcePortList", rule.SourcePort, rule.SourcePortList), Ports("destinationPortList", rule.DestinationPort, rule.DestinationPortList)),
        };
        string[] first = Interfaces("zone", rule.InterfaceAlias, rule.Zone);
        string[] second = rule.Direction == RuleDirection.Forward ? Interfaces("outZone", rule.OutInterfaceAlias, rule.OutZone) : rule.OutInterfaceAlias;
        RuleConditions? conditions = Conditions(rule, report);
        RuleEffects? effects = Effects(rule, report);
        isEmptyMatch = empty;
        return new Rule
        {
            Id = rule.Id,
            Name = rule.Name,
            Enabled = rule.Enabled,
            Direction = (Net.Firewall.RuleDirection)(int)rule.Direction,
            Action = ModelValues.Action(rule.Action),
            Protocol = ModelValues.Protocol(rule.Protocol),
            AddressFamily = ModelValues.Family(rule.Family),
            SourceAddresses = ModelValues.Addresses(sourceAddress),
            SourcePorts = ModelValues.Ports(sourcePort),
            DestinationAddresses = ModelValues.Addresses(destinationAddress),
            DestinationPorts = ModelValues.Ports(destinationPort),
            InputInterfaces = isOutbound ? [] : [.. first],
            OutputInterfaces = isOutbound ? [.. first] : [.. second],
            Conditions = conditions,
            Effects = effects,
        };

        // An empty list of the model means any; a list of the user's that holds nothing means none.
        PortRange[] Ports(string property, PortRange[] own, string[] names)
        {
            if (names.Length == 0)
            {
                return own;
            }

            var all = new List<PortRange>(own);
            foreach (string name in names)
            {
                if (_ports.Find(name) is { } ports)
                {
                    all.AddRange(ports);
                }
                else
                {
                    report(property, $"Rule '{rule.Name}' names the port list '{RuleTexts.Shown(name)}', which does not exist.");
                }
            }

            empty = all.Count == 0 ? $"the port list {names[0]} is empty" : empty;
            return [.. all.Distinct()];
        }

        string[] Interfaces(string property, string[] own, string? zoneName)
        {
            if (zoneName is null)
            {
                return own;
            }

            if (!_zones.TryGetValue(zoneName, out FirewallZone? zone))
            {
                report(property, $"Rule '{rule.Name}' names the zone '{RuleTexts.Shown(zoneName)}', which does not exist.");
                return own;
            }

            string[] all = [.. own.Union(zone.InterfaceAlias)];
            empty = all.Length == 0 ? $"the zone {zone.Name} has no interface" : empty;
            return all;
        }
    }

    private RuleConditions? Conditions(FirewallRule rule, Action<string, string> report)
    {
        bool isInbound = rule.Direction == RuleDirection.Inbound;
        bool isForward = rule.Direction == RuleDirection.Forward;
        bool isReversePath = rule.Id == GeneratedIds.Profile(ProfileRule.AntiSpoofing, rule.Direction);
        string[] sourceLists = isForward ? rule.SourceAddressList : isInbound ? rule.RemoteAddressList : rule.LocalAddressList;
        string[] destinationLists = isForward ? rule.DestinationAddressList : isInbound ? rule.LocalAddressList : rule.RemoteAddressList;
        bool hasAny = isReversePath || rule.ConnectionState.Length + sourceLists.Length + destinationLists.Length + rule.IcmpType.Length + rule.Dscp.Length + rule.PacketLength.Length
            + rule.SourceMac.Length + rule.User.Length + rule.UserGroup.Length > 0
            || rule.TcpFlags is not null || rule.Mark is not null || rule.Cgroup is not null || rule.RateLimit is not null || rule.ConnectionLimit is not null;
        if (!hasAny)
        {
            return null;
        }

        string sourceName = isForward ? "sourceAddressList" : isInbound ? "remoteAddressList" : "localAddressList";
        string destinationName = isForward ? "destinationAddressList" : isInbound ? "localAddressList" : "remoteAddressList";
        List<IcmpTypeMatch> icmp = [];
        foreach (string text in rule.IcmpType)
        {
            Report("icmpType", RuleTexts.IcmpType(text, rule.Family, icmp));
        }

        return new RuleConditions
        {
            ConnectionStates = ModelValues.States(rule.ConnectionState),
            SourceLists = Lists(sourceName, sourceLists),
            DestinationLists = Lists(destinationName, destinationLists),
            IcmpTypes = [.. icmp.Distinct()],
            TcpFlags = rule.TcpFlags is { } flags && Ok("tcpFlags", RuleTexts.TcpFlags(flags, out TcpFlagMatch flagMatch)) ? flagMatch : null,
            Dscp = [.. rule.Dscp.Select(text => (Ok("dscp", RuleTexts.Dscp(text, out byte value)), value).value)],
            PacketLengths = [.. rule.PacketLength.Select(text => (Ok("packetLength", RuleTexts.PacketLength(text, out NumberRange range)), range).range)],
            SourceMacs = [.. rule.SourceMac.Select(Mac)],
            Mark = rule.Mark is { } mark && Ok("mark", RuleTexts.Mark(mark, out MarkMatch markMatch)) ? markMatch : null,
            Users = Accounts("user", "user", rule.User, name => _accounts?.FindUser(name)),
            Groups = Accounts("userGroup", "group", rule.UserGroup, name => _accounts?.FindGroup(name)),
            Cgroup = rule.Cgroup is { } cgroup && Ok("cgroup", RuleTexts.Cgroup(cgroup, out string path)) ? path : null,
            Rate = rule.RateLimit is { } rate && Ok("rateLimit", RuleTexts.Rate(rate, out RateLimit limit))
                ? limit with { Burst = rule.RateBurst, PerSource = rule.RatePerSource, Above = rule.AboveRate } : null,
            Connections = rule.ConnectionLimit is { } connections ? new ConnectionLimit(connections, rule.ConnectionLimitPerSource, rule.AboveConnectionLimit) : null,
            IsReversePathMissing = isReversePath,

            // A route is looked up for the first packet of a connection only, as the state is asked for all others: it costs as much as all other questions together.
            IsUnconfirmed = isReversePath,
        };

        void Report(string property, string? problem)
        {
            if (problem is not null)
            {
                report(property, $"Rule '{rule.Name}': {problem}");
            }
        }

        bool Ok(string property, string? problem)
        {
            Report(property, problem);
            return problem is null;
        }

        MacAddress Mac(string text)
        {
            if (!MacAddress.TryParse(text, out MacAddress address))
            {
                Report("sourceMac", $"'{RuleTexts.Shown(text)}' is not an Ethernet address such as 02:00:5e:10:00:01.");
            }

            return address;
        }

        ImmutableArray<long> Lists(string property, string[] names)
        {
            ImmutableArray<long>.Builder ids = ImmutableArray.CreateBuilder<long>(names.Length);
            foreach (string name in names)
            {
                if (_lists.Find(name) is { } list)
                {
                    ids.Add(list.Id);
                }
                else
                {
                    report(property, $"Rule '{rule.Name}' names the address list '{RuleTexts.Shown(name)}', which does not exist.");
                }
            }

            return [.. ids.Distinct()];
        }

        ImmutableArray<NumberRange> Accounts(string property, string noun, string[] names, Func<string, uint?> find)
        {
            ImmutableArray<NumberRange>.Builder ids = ImmutableArray.CreateBuilder<NumberRange>(names.Length);
            foreach (string name in names)
            {
                if (RuleTexts.TryRange(name, out NumberRange range) && !range.IsReversed)
                {
                    ids.Add(range);
                }
                else if (name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal) && find(name) is { } id)
                {
                    ids.Add(new NumberRange(id));
                }
                else
                {
                    Report(property, $"this host knows no {noun} '{RuleTexts.Shown(name)}'.");
                }
            }

            return ids.DrainToImmutable();
        }
    }

    private RuleEffects? Effects(FirewallRule rule, Action<string, string> report)
    {
        bool hasAny = rule.Log || rule.SetDscp is not null || rule.SetTtl is not null || rule.SetMark is not null || rule.MaxSegmentSize is not null
            || rule.AddSourceTo is not null || rule.AddSourceFor is not null || rule.RejectWith != FirewallReject.Default;
        if (!hasAny)
        {
            return null;
        }

        FirewallAddressList? banned = rule.AddSourceTo is { } name ? _lists.Find(name) : null;
        if (rule.AddSourceTo is not null && banned is not { Dynamic: true })
        {
            report("addSourceTo", banned is null
                ? $"Rule '{rule.Name}' names the address list '{RuleTexts.Shown(rule.AddSourceTo)}', which does not exist."
                : $"Rule '{rule.Name}' puts sources into the address list '{banned.Name}', which is not dynamic.");
        }

        if (rule.SetTtl is < 1 or > 255)
        {
            report("setTtl", $"Rule '{rule.Name}' sets the TTL {rule.SetTtl}, which is not between 1 and 255.");
        }

        return new RuleEffects
        {
            Log = rule.Log,
            SetDscp = rule.SetDscp is { } dscp && Ok("setDscp", RuleTexts.Dscp(dscp, out byte value)) ? value : null,
            SetTtl = rule.SetTtl is { } ttl ? (byte)Math.Clamp(ttl, 1, 255) : null,
            SetMark = rule.SetMark is { } mark && Ok("setMark", RuleTexts.Mark(mark, out MarkMatch match)) ? match : null,
            MaxSegmentSize = rule.MaxSegmentSize is { } size && Ok("maxSegmentSize", RuleTexts.SegmentSize(size, out ushort bytes)) ? bytes : null,
            AddSourceTo = banned?.Id,
            AddSourceFor = rule.AddSourceFor,
            RejectWith = ModelValues.Reject(rule.RejectWith),
        };

        bool Ok(string property, string? problem)
        {
            if (problem is not null)
            {
                report(property, $"Rule '{rule.Name}': {problem}");
            }

            return problem is null;
        }
    }
}
