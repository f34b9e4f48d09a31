using System.Net;
using Net.Contracts;
using AddressRange = Net.Firewall.AddressRange;
using NatKind = Net.Firewall.NatKind;
using NatRule = Net.Firewall.NatRule;
using PortRange = Net.Firewall.PortRange;

namespace Net.Engine.Firewall.Translation;

/// <summary>Turns port forwards, NAT rules and what zones imply into NAT rules of the model: port forwards first, then the user's in their order, then masquerading of zones.</summary>
/// <param name="section">The section.</param>
/// <param name="ids">Ids for what zones imply.</param>
/// <param name="connectedPrefix">The prefix of this host's own networks that holds an address; null where none does. Null when the network is not known.</param>
internal sealed class NatTranslator(FirewallSection section, GeneratedIds ids, Func<IPAddress, IPNetwork?>? connectedPrefix)
{
    /// <summary>The most ports of a port forward whose range moves.</summary>
    public const int MaxMovedPorts = 1024;

    // RFC 1918, RFC 6598, RFC 4193 and link-local: who may be on the inner side when this host has no network that says.
    private static readonly AddressRange[] s_inner =
    [
        .. new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10" }.Select(prefix => new AddressRange(IPNetwork.Parse(prefix))),
    ];

    /// <summary>Who is on the inner side of a port forward: the network of this host that holds the host behind, or where there is none, what is not of the public Internet.</summary>
    /// <param name="forward">The forward.</param>
    /// <param name="connectedPrefix">The prefix of this host's own networks that holds an address.</param>
    public static IEnumerable<AddressRange> InnerSide(PortForward forward, Func<IPAddress, IPNetwork?>? connectedPrefix)
    {
        AddressRange host = ModelValues.Address(forward.ToAddress);
        return connectedPrefix?.Invoke(host.FirstAddress) is { } prefix ? [new AddressRange(prefix)] : s_inner.Where(range => range.Family == host.Family);
    }

    /// <summary>The rules.</summary>
    public List<NatRule> Translate()
    {
        List<NatRule> rules = [];
        foreach (PortForward forward in section.PortForwards)
        {
            Add(forward, rules);
        }

        foreach (Contracts.NatRule rule in section.NatRules)
        {
            Add(rule, rules);
        }

        foreach (FirewallZone zone in section.Zones.Where(zone => zone is { Masquerade: true, InterfaceAlias.Length: > 0 }))
        {
            rules.Add(new NatRule
            {
                Id = ids.ZoneNat($"masquerade|{zone.Name}"),
                Name = $"zone {zone.Name}: masquerade",
                Kind = NatKind.Masquerade,
                OutputInterfaces = [.. zone.InterfaceAlias],
            });
        }

        return rules;
    }

    private void Add(PortForward forward, List<NatRule> rules)
    {
        AddressRange host = ModelValues.Address(forward.ToAddress);
        var outer = new NatRule
        {
            Id = forward.Id,
            Name = forward.Name,
            Enabled = forward.Enabled,
            Kind = NatKind.Destination,
            AddressFamily = host.Family,
            Protocol = ModelValues.Protocol(forward.Protocol),
            SourceAddresses = [.. ModelValues.Addresses(forward.RemoteAddress).Where(range => range.Family == host.Family)],
            DestinationAddresses = [.. ModelValues.Addresses(forward.Address).Where(range => range.Family == host.Family)],
            DestinationPorts = [ModelValues.Port(forward.Port)],
            InputInterfaces = [.. forward.InterfaceAlias],
            IsToThisHost = forward.Address.Length == 0,
            IncludesOwnPackets = forward.Hairpin,
            ToAddresses = host,
            ToPorts = forward.ToPort is { } port ? ModelValues.Port(port) : null,
        };
        AddPorts(outer, place => place == 0 ? forward.Id : GeneratedIds.ForwardPort(forward, place), rules);
        if (!forward.Hairpin)
        {
            return;
        }

        AddressRange[] inside = [.. InnerSide(forward, connectedPrefix)];
        if (forward.InterfaceAlias.Length > 0)
        {
            NatRule inner = outer with { Name = $"{forward.Name}: from inside", SourceAddresses = [.. inside], InputInterfaces = [], IncludesOwnPackets = false };
            AddPorts(inner, place => place == 0 ? GeneratedIds.HairpinDestination(forward) : GeneratedIds.ForwardPort(forward, place + MaxMovedPorts), rules);
        }

        // The host behind must answer this one, not its neighbour, who would not know the answer's source.
        rules.Add(new NatRule
        {
            Id = GeneratedIds.HairpinSource(forward),
            Name = $"{forward.Name}: hairpin",
            Enabled = forward.Enabled,
            Kind = NatKind.Masquerade,
            AddressFamily = host.Family,
            Protocol = outer.Protocol,
            SourceAddresses = [.. inside],
            DestinationAddresses = [host],
            DestinationPorts = [ModelValues.Port(forward.ToPort ?? forward.Port)],
        });
    }

    // A range of new ports is one the kernel chooses from, not one that keeps a port's place: where a range moves, each port takes a rule.
    private static void AddPorts(NatRule rule, Func<int, long> idOf, List<NatRule> rules)
    {
        PortRange from = rule.DestinationPorts[0];
        if (rule.ToPorts is not { } to || to.First == to.Last)
        {
            rules.Add(rule with { Id = idOf(0) });
        }
        else if (to == from)
        {
            rules.Add(rule with { Id = idOf(0), ToPorts = null });
        }
        else
        {
            for (int place = 0; place <= to.Last - to.First; place++)
            {
                rules.Add(rule with
                {
                    Id = idOf(place),
                    Name = place == 0 ? rule.Name : $"{rule.Name}: port {from.First + place}",
                    DestinationPorts = [new PortRange((ushort)(from.First + place), (ushort)(from.First + place))],
                    ToPorts = new PortRange((ushort)(to.First + place), (ushort)(to.First + place)),
                });
            }
        }
    }

    private static void Add(Contracts.NatRule rule, List<NatRule> rules)
    {
        var model = new NatRule
        {
            Id = rule.Id,
            Name = rule.Name,
            Enabled = rule.Enabled,
            Kind = KindOf(rule.Kind),
            AddressFamily = ModelValues.Family(rule.Family),
            Protocol = ModelValues.Protocol(rule.Protocol),
            SourceAddresses = ModelValues.Addresses(rule.SourceAddress),
            DestinationAddresses = ModelValues.Addresses(rule.DestinationAddress),
            SourcePorts = ModelValues.Ports(rule.SourcePort),
            DestinationPorts = ModelValues.Ports(rule.DestinationPort),
            InputInterfaces = [.. rule.InterfaceAlias],
            OutputInterfaces = [.. rule.OutInterfaceAlias],
            ToAddresses = rule.ToAddress is { } to ? ModelValues.Address(to) : null,
            ToPorts = rule.ToPort is { } port ? ModelValues.Port(port) : null,
            IsRandom = rule.RandomPort,
            IsPersistent = rule.Persistent,
            IncludesOwnPackets = rule.IncludeOwnPackets,
        };
        if (rule.Kind == Contracts.NatKind.OneToOne)
        {
            rules.Add(model);
            // Outwards the inner prefix becomes the outer one, and the outer side is the one packets leave by.
            rules.Add(model with
            {
                Id = GeneratedIds.SecondHalf(rule),
                Name = $"{rule.Name}: outwards",
                Kind = NatKind.SourcePrefix,
                SourceAddresses = model.ToAddresses is { } inner ? [inner] : [],
                DestinationAddresses = model.SourceAddresses,
                ToAddresses = model.DestinationAddresses.IsEmpty ? null : model.DestinationAddresses[0],
                InputInterfaces = [],
                OutputInterfaces = model.InputInterfaces,
                IncludesOwnPackets = false,
            });
        }
        else if (rule.Kind == Contracts.NatKind.Exempt)
        {
            // An interface to come in by speaks of the destination, one to leave by of the source; neither, of both.
            bool isDestination = !model.InputInterfaces.IsEmpty || model.OutputInterfaces.IsEmpty;
            bool isSource = !model.OutputInterfaces.IsEmpty || model.InputInterfaces.IsEmpty;
            if (isDestination)
            {
                rules.Add(model with { OutputInterfaces = [], IncludesOwnPackets = true });
            }

            if (isSource)
            {
                rules.Add(model with { Id = isDestination ? GeneratedIds.SecondHalf(rule) : rule.Id, Name = isDestination ? $"{rule.Name}: source" : rule.Name, ExemptsSource = true, InputInterfaces = [] });
            }
        }
        else
        {
            rules.Add(model);
        }
    }

    private static NatKind KindOf(Contracts.NatKind kind) => kind switch
    {
        Contracts.NatKind.Masquerade => NatKind.Masquerade,
        Contracts.NatKind.Source => NatKind.Source,
        Contracts.NatKind.Destination => NatKind.Destination,
        Contracts.NatKind.Redirect => NatKind.Redirect,
        Contracts.NatKind.OneToOne => NatKind.DestinationPrefix,
        _ => NatKind.Exempt,
    };
}
